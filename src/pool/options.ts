/** What a map is to do. */
import type { Sink } from "../recording/event.ts";
import type { ItemFailure, MapSummary, WorkerNews } from "../recording/results/map-result.ts";
import type { ItemRange } from "./items/reorder.ts";
import type { Integers } from "./worker/integers.ts";
import type { ChunkStats } from "./worker/runner.ts";

/** What becomes of a failed item: told; the end of the run; left out; a record in the result's place. */
export type OnError = "report" | "stop" | "skip" | "record";

export interface MapPoolOptions {
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
  /** Where workers run, if not where lanes does. */
  readonly folder?: string;
}

/** A map, as those see it who watch it, signal it and report it. */
export interface Mapping {
  /** Why it could not go on, if the summary says that it ended so. */
  readonly error: Error | null;
  /** What it has come to so far. */
  readonly progress: {
    readonly ok: number;
    readonly failed: number;
    readonly elapsedMs: number;
    /** How much of the input is done, 0 to 1; null while nobody knows. */
    readonly fraction: number | null;
    /** Workers that have something to do, and workers. */
    readonly busy: number;
    readonly workers: number;
  };
  /** Runs until every item is answered for, or it is stopped. @throws LanesError if it cannot even begin. */
  run(): Promise<MapSummary>;
  /** Hands out no more; items in flight have `graceMs` to end; what is done is printed. */
  stop(graceMs?: number): void;
  suspend(): void;
  /** @param pausedMs how long it stood still. */
  resume(pausedMs: number): void;
}

/** What becomes of items that are answered for: what of {@link Reorder} a pool needs. */
export interface Answers {
  add(first: number, count: number, bytes: Uint8Array | null): void;
  readonly next: number;
  limit: number;
  readonly held: number;
  readonly heldBytes: number;
  readonly unwanted: number;
  finish(end: number): ItemRange[];
}

/** Who hears what happens besides results. Must not throw. */
export interface PoolListener {
  failed(failure: ItemFailure): void;
  /** A line that user code printed. */
  said(lane: string, text: string): void;
  worker(news: WorkerNews): void;
  /** A worker has done a chunk. */
  chunk?(lane: { readonly name: string; readonly pid: number }, first: number, count: number, stats: ChunkStats): void;
}

/** Where a map's events go. */
export interface PoolTimeline {
  /** The moment of `t` = 0, by nowMs(). */
  readonly originMs: number;
  readonly sink: Sink<"map">;
}
