/** One lane while it is being recorded: its segments, short ones put together once there are too many. */

import type { ChartLane, ChartSegment, ChartState, Life } from "./chart.ts";
import { clean } from "./clean.ts";

/** Processes of a lane that are kept; `lanes map --recycle 1` has one for each item. */
const LIVES = 200;

/** Something to record: a segment without what follows from it. */
export type ChartStretch = Pick<ChartSegment, "fromMs" | "toMs" | "label" | "pid"> & {
  readonly state: ChartState;
  /** 1 if left out. */
  readonly count?: number;
  readonly failed?: number;
};

export class LaneBuilder {
  #segments: ChartSegment[] = [];
  readonly #lives: Life[] = [];
  #count = 0;
  #failed = 0;
  pid = 0;
  ppid = 0;

  constructor(readonly name: string) {}

  get segments(): number {
    return this.#segments.length;
  }

  /** Where the last segment ends; the next one must not begin before. */
  get endMs(): number {
    return this.#segments.at(-1)?.toMs ?? 0;
  }

  /** Adds a stretch at the end. One that overlaps what is there begins where that ends. */
  add({ count = 1, failed = 0, ...stretch }: ChartStretch, resolutionMs: number): void {
    const fromMs = Math.max(stretch.fromMs, this.endMs);
    this.#count += count;
    this.#failed += failed;
    this.#push({ ...stretch, fromMs, toMs: Math.max(fromMs, stretch.toMs), count, failed }, resolutionMs);
  }

  addLife(life: Life): void {
    if (this.#lives.length < LIVES) this.#lives.push(life);
  }

  /** Puts together what is shorter than `resolutionMs` and begins within one and the same piece of that length. */
  coarsen(resolutionMs: number): void {
    const segments = this.#segments;
    this.#segments = [];
    for (const segment of segments) this.#push(segment, resolutionMs);
  }

  #push(segment: ChartSegment, resolutionMs: number): void {
    const last = this.#segments.at(-1);
    if (last !== undefined && resolutionMs > 0 && belongTogether(last, segment, resolutionMs)) {
      this.#segments[this.#segments.length - 1] = merged(last, segment);
    } else this.#segments.push({ ...segment, label: clean(segment.label) });
  }

  build(): ChartLane {
    const { name, pid, ppid } = this;
    return { name, pid, ppid, lives: this.#lives, segments: this.#segments, count: this.#count, failed: this.#failed };
  }
}

function belongTogether(last: ChartSegment, next: ChartSegment, resolutionMs: number): boolean {
  if (next.toMs - next.fromMs >= resolutionMs) return false;
  return Math.floor(last.fromMs / resolutionMs) === Math.floor(next.fromMs / resolutionMs);
}

function merged(a: ChartSegment, b: ChartSegment): ChartSegment {
  const parts: Partial<Record<ChartState, number>> = { ...partsOf(a) };
  for (const [state, ms] of Object.entries(partsOf(b)) as [ChartState, number][]) {
    parts[state] = (parts[state] ?? 0) + ms;
  }
  return {
    fromMs: a.fromMs,
    toMs: b.toMs,
    state: "mixed",
    label: "",
    pid: a.pid === b.pid ? a.pid : 0,
    parts,
    count: a.count + b.count,
    failed: a.failed + b.failed,
  };
}

/** Ms in each state. */
export function partsOf(segment: ChartSegment): Readonly<Partial<Record<ChartState, number>>> {
  return segment.state === "mixed" ? (segment.parts ?? {}) : { [segment.state]: segment.toMs - segment.fromMs };
}
