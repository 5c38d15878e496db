/** What a map is to do. */
import type { Sink } from "../recording/event.ts";
import type { ItemFailure, WorkerNews } from "../recording/map-result.ts";
import type { Integers } from "./worker/integers.ts";

/** What becomes of a failed item: told; the end of the run; left out; a record in the result's place. */
export type OnError = "report" | "stop" | "skip" | "record";

export interface PoolOptions {
  /** An absolute path, or the name of a module inside this executable. */
  readonly module: string;
  readonly exportName: string;
  /** An export to call once in every worker before its first item. */
  readonly init: string | null;
  /** Workers at most. */
  readonly jobs: number;
  /** What a line is: the item itself (a string), or its JSON. */
  readonly input: "lines" | "jsonl";
  readonly output: "jsonl" | "raw";
  /** What becomes of an integer in an item's JSON that a number cannot hold. */
  readonly integers: Integers;
  /** The tsconfig.json by which files have to be compiled otherwise than Bun does by itself; null if none has to. */
  readonly tsconfig: string | null;
  readonly ordered: boolean;
  /** Items a chunk; null: found out. */
  readonly chunk: number | null;
  readonly timeoutMs: number | null;
  /** How often a failed item is tried again; null: not, unless its worker died. */
  readonly retries: number | null;
  readonly onError: OnError;
  /** Items after which a worker is replaced. */
  readonly recycle: number | null;
  /** Resident memory above which a worker is replaced, bytes. */
  readonly maxRssBytes: number | null;
}

/** Who hears what happens besides results. Must not throw. */
export interface PoolListener {
  failed(failure: ItemFailure): void;
  /** A line that user code printed. */
  said(lane: string, text: string): void;
  worker(news: WorkerNews): void;
}

/** Where a map's events go. */
export interface PoolTimeline {
  /** The moment of `t` = 0, by nowMs(). */
  readonly originMs: number;
  readonly sink: Sink<"map">;
}
