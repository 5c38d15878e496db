/** What a map has done so far, counted: for the summary, and for whoever watches. */
import { toThousandth } from "../os/units.ts";
import type { MapEnding, MapSummary } from "../recording/results/map-result.ts";
import { Histogram } from "./histogram.ts";
import type { ItemRange } from "./items/reorder.ts";
import type { ItemSource } from "./items/source.ts";
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

  summary(ending: MapEnding, notDone: readonly ItemRange[], source: ItemSource, inputBroken = false): MapSummary {
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
      elapsedMs: toThousandth(elapsedMs),
      itemsPerSecond: Math.round(((ok + failed) / Math.max(elapsedMs, 1e-3)) * 1e3),
      utilisation: toThousandth(workMs === 0 ? 0 : Math.min(1, busyMs / (workMs * lanes.length))),
      p50Ms: rounded(this.#times.quantile(0.5)),
      p99Ms: rounded(this.#times.quantile(0.99)),
      lanes: lanes.map((lane) => ({ ...lane, busyMs: toThousandth(lane.busyMs) })),
      notDone,
      taken: source.taken,
      inputEnded: source.ended && !inputBroken,
    };
  }
}

/** Three significant digits: a histogram is no more exact, and an item may take less than a microsecond. */
const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(3)));
