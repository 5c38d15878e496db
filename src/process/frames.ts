/**
 * The wire between a process and its child: a stream of frames, each a 4-byte little-endian length and that many bytes of
 * structured clone (https://developer.mozilla.org/docs/Web/API/Web_Workers_API/Structured_clone_algorithm).
 *
 *     parent                                   child
 *       start {target, args, name, …}   ──►      reads it before anything else (blocking)
 *                                       ◄──      ready {pid, ppid, build}
 *       message {value}                 ◄──►     message {value}
 *                                       ◄──      events [ … ]          (batched; flushed before it blocks or ends)
 *                                       ◄──      inherited             (an orphan it started has its end of the wire too)
 *                                       ◄──      done {result, peakRssKb}  |  error {error}
 *       end of stream: the child is gone         end of stream: the parent is gone
 *
 * The child writes with blocking writes to its end of a socket pair: what it has written is the parent's even if the
 * child is killed the next instant. (Bun's own IPC can drop a message sent just before exit.)
 */
import { deserialize, serialize } from "bun:jsc";
import type { LaneEvent } from "../recording/event.ts";
import type { ErrorData } from "../thrown.ts";

/** The child's end of the wire. */
export const WIRE_FD = 3;
/**
 * An orphan's second wire, to the process above its parent: a copy of its parent's end of the wire. Its events go there;
 * they are small enough for the kernel not to mix them with its parent's.
 */
export const UPPER_WIRE_FD = 4;

/** What a child is to do, and what it is called. */
export interface StartFrame {
  readonly kind: "start";
  readonly build: string;
  readonly style: "function" | "subclass";
  /** `module#name` in the registry. */
  readonly target: string;
  readonly args: readonly unknown[];
  /** Own properties of a subclass's instance. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly originMs: number;
  /** Who started it. */
  readonly parentPid: number;
  /** It may outlive its parent, and ends when nobody above it hears it any more. */
  readonly orphan: boolean;
  /** It was given {@link UPPER_WIRE_FD}: its events go there, and when its parent is gone it hears what comes from there. */
  readonly upperWire: boolean;
  /** Somebody records what happens in it. */
  readonly recorded: boolean;
  /** A part of a user's own program, in the form of api/: instead of style, target, args and state. */
  readonly program?: Uint8Array;
}

export type ParentFrame = StartFrame | { readonly kind: "message"; readonly value: unknown };
export type ChildFrame =
  | {
      readonly kind: "ready";
      readonly pid: number;
      readonly ppid: number;
      readonly build: string;
      readonly atMs: number;
    }
  | { readonly kind: "events"; readonly events: readonly LaneEvent[] }
  | { readonly kind: "message"; readonly value: unknown }
  /** From now on the end of this stream is the end of an orphan, not of this child. */
  | { readonly kind: "inherited" }
  | { readonly kind: "done"; readonly result: unknown; readonly peakRssKb: number | null }
  | { readonly kind: "error"; readonly error: ErrorData; readonly peakRssKb: number | null };

/** The bytes of a frame. @throws DataCloneError for what cannot be cloned. */
export function encodeFrame(frame: ParentFrame | ChildFrame): Buffer {
  const body = serialize(frame, { binaryType: "nodebuffer" });
  const bytes = Buffer.allocUnsafe(4 + body.length);
  bytes.writeUInt32LE(body.length);
  body.copy(bytes, 4);
  return bytes;
}

/** Cuts a stream of chunks into frames; a large frame's chunks are put together once, when the last has come. */
export class FrameReader<F> {
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** How many bytes are needed before looking again: a header, or a whole frame. */
  #needed = 4;

  /** The frames that are whole with this chunk. */
  push(chunk: Uint8Array): F[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return [];
    const bytes = Buffer.concat(this.#chunks, this.#length);
    const frames: F[] = [];
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      this.#needed = left < 4 ? 4 : 4 + bytes.readUInt32LE(at);
      if (left < this.#needed) break;
      frames.push(deserialize(bytes.subarray(at + 4, at + this.#needed)) as F);
      at += this.#needed;
    }
    this.#chunks = [bytes.subarray(at)];
    this.#length = bytes.length - at;
    return frames;
  }
}
