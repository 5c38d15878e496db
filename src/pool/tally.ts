/** What a map has done so far, counted: for the summary, and for whoever watches. */
import { Histogram } from "./histogram.ts";
import type { Range } from "./items/reorder.ts";
import type { Source } from "./items/source.ts";
import type { ChunkStats } from "./worker/runner.ts";

/** What one worker's lane did, all its processes together. */
export interface LaneTally {
  readonly lane: string;
  items: number;
  chunks: number;
  /** Working time, ms. */
  busyMs: number;
  /** Processes started on this lane. */
  started: number;
}

/**
 * How it ended: `done`; `stopped` by a failure (`--on-error stop`); `interrupted`; `closed`: nobody reads the results;
 * `failed`: it could not go on.
 */
export type Ending = "done" | "stopped" | "interrupted" | "closed" | "failed";

export interface Summary {
  readonly ending: Ending;
  /** Items that are answered for: ok + failed. */
  readonly items: number;
  readonly ok: number;
  readonly failed: number;
  readonly retried: number;
  readonly chunks: number;
  /** Workers that had to be replaced because they died. */
  readonly crashes: number;
  readonly elapsedMs: number;
  readonly itemsPerSecond: number;
  /** Share of the workers' time, from the first item on, that was work: 0 to 1. */
  readonly utilisation: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly lanes: readonly Readonly<LaneTally>[];
  /** Items that were read and are not answered for. */
  readonly notDone: readonly Range[];
  /** Items that were read; and whether there are no more. */
  readonly taken: number;
  readonly inputEnded: boolean;
}

export class Tally {
  ok = 0;
  failed = 0;
  retried = 0;
  chunks = 0;
  crashes = 0;
  readonly lanes: LaneTally[] = [];
  readonly #times = new Histogram();
  readonly #startMs = performance.now();
  #firstWorkMs: number | null = null;

  get elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  lane(index: number, name: string): LaneTally {
    this.lanes[index] ??= { lane: name, items: 0, chunks: 0, busyMs: 0, started: 0 };
    return this.lanes[index];
  }

  /** A lane finished a chunk of so many items. */
  chunkDone(lane: LaneTally, items: number, stats: ChunkStats): void {
    this.#firstWorkMs ??= performance.now() - stats.ms;
    this.chunks++;
    this.ok -= stats.blank;
    lane.chunks++;
    lane.items += items - stats.blank;
    lane.busyMs += stats.ms;
    this.#times.merge(stats.times);
  }

  summary(ending: Ending, notDone: readonly Range[], source: Source, inputBroken = false): Summary {
    const { ok, failed, retried, chunks, crashes, elapsedMs } = this;
    const lanes = this.lanes.filter((lane) => lane !== undefined);
    const workMs = this.#firstWorkMs === null ? 0 : performance.now() - this.#firstWorkMs;
    const busyMs = lanes.reduce((sum, lane) => sum + lane.busyMs, 0);
    return {
      ending,
      items: ok + failed,
      ok,
      failed,
      retried,
      chunks,
      crashes,
      elapsedMs: round(elapsedMs),
      itemsPerSecond: Math.round(((ok + failed) / Math.max(elapsedMs, 1e-3)) * 1e3),
      utilisation: round(workMs === 0 ? 0 : Math.min(1, busyMs / (workMs * lanes.length))),
      p50Ms: rounded(this.#times.quantile(0.5)),
      p99Ms: rounded(this.#times.quantile(0.99)),
      lanes: lanes.map((lane) => ({ ...lane, busyMs: round(lane.busyMs) })),
      notDone,
      taken: source.taken,
      inputEnded: source.ended && !inputBroken,
    };
  }
}

const round = (value: number) => Math.round(value * 1e3) / 1e3;
/** Three significant digits: a histogram is no more exact, and an item may take less than a microsecond. */
const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(3)));
