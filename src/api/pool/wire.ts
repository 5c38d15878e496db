/**
 * The wires between a pool and a worker of it, beside the wire that every child has (process/frames.ts): frames of the pool
 * engine's form (pool/wire.ts) over two socket pairs, and a control page.
 *
 *     pool                                       worker
 *       place {from: number; FunctionPlace}        ──►    what a number stands for, before it is first used
 *       task {slot, first: place's number, from, count; items}  ──►
 *                                                  ◄──    ready: its initializer has run
 *                                                  ◄──    broken {ErrorData}: it has thrown
 *                                                  ◄──    done {slot, count; results}
 *                                                  ◄──    failed {slot, count; [results, ErrorData]}: the item after these
 *       end of stream: no more tasks             ──►
 *
 * The worker writes with blocking writes: what it has written is the pool's even if it is killed the next instant.
 */
import { deserialize, serialize } from "bun:jsc";
import { WIRE_FD } from "../../process/frames.ts";
import type { FunctionPlace } from "../place/place.ts";

/** The worker's descriptors. */
export const TASKS_FD = WIRE_FD + 1;
export const ANSWERS_FD = WIRE_FD + 2;
export const CONTROL_FD = WIRE_FD + 3;

/** What a frame is. */
export const TaskFrameKind = { place: 1, task: 2, starTask: 3, ready: 4, broken: 5, done: 6, failed: 7 } as const;

/** What a worker is told when it begins. */
export interface PoolJob {
  readonly is: "pool";
  /** What it waits for, in a recording. */
  readonly pool: string;
  /** Its line of the control page. */
  readonly line: number;
  readonly initializer: FunctionPlace | undefined;
  /** Encoded by themselves. */
  readonly initArgs: Uint8Array;
}

/** Plain data of lanes' own as bytes. */
export const pack = (data: unknown): Buffer => serialize(data, { binaryType: "nodebuffer" }) as Buffer;
export const unpack = (bytes: Uint8Array): unknown => deserialize(bytes as Uint8Array<ArrayBuffer>);
