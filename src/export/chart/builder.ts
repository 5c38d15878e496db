/**
 * A chart while it is being recorded, in bounded memory: of more segments than are kept, the short ones in every lane are
 * put together, piece of time by piece of time; how many failed among them is never lost.
 */
import type { Arrow, Chart, Mark, Phase } from "./chart.ts";
import { clean } from "./clean.ts";
import { type ChartStretch, LaneBuilder } from "./lane-builder.ts";
import { SeriesBuilder } from "./series-builder.ts";
import { edgeSteps } from "./steps.ts";

/** Segments kept unless told otherwise: as many as a browser draws at once. */
export const SEGMENTS = 20_000;
const LANES = 512;
const MARKS = 2_000;
const ARROWS = 20_000;
const SERIES = 64;

export interface ChartBuilderOptions {
  readonly unit: Chart["unit"];
  readonly parent: Chart["parent"];
  /** Segments kept at most (or one a lane, if that is more). */
  readonly segments?: number;
}

export class ChartBuilder {
  readonly #options: ChartBuilderOptions;
  readonly #lanes: LaneBuilder[] = [];
  readonly #byName = new Map<string, number>();
  readonly #hidden = { lanes: new Set<string>(), count: 0, failed: 0 };
  readonly #series = new Map<string, SeriesBuilder>();
  readonly #locks = new Map<string, SeriesBuilder>();
  readonly #marks: Mark[] = [];
  readonly #arrows: Arrow[] = [];
  #segments = 0;
  #resolutionMs = 0;
  #endMs = 0;

  constructor(options: ChartBuilderOptions) {
    this.#options = options;
  }

  /** The lane of this name, made if it is new; undefined beyond the lanes that are kept. */
  lane(name: string): LaneBuilder | undefined {
    return this.#lanes[this.laneIndex(name)];
  }

  /** Its place among the lanes; -1 beyond those that are kept. */
  laneIndex(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#lanes.length >= LANES) return -1;
    this.#byName.set(name, this.#lanes.length);
    return this.#lanes.push(new LaneBuilder(clean(name, 24))) - 1;
  }

  /** Adds a stretch at the end of a lane. */
  add(name: string, stretch: ChartStretch): void {
    this.reach(stretch.toMs);
    const lane = this.lane(name);
    if (lane === undefined) {
      if (this.#hidden.lanes.size < 100_000) this.#hidden.lanes.add(name);
      this.#hidden.count += stretch.count ?? 1;
      this.#hidden.failed += stretch.failed ?? 0;
      return;
    }
    const before = lane.segments;
    lane.add(stretch, this.#resolutionMs);
    this.#segments += lane.segments - before;
    if (this.#segments > (this.#options.segments ?? SEGMENTS)) this.#coarsen();
  }

  /** A number over time has this value from now on. */
  count(name: string, ms: number, value: number): void {
    this.reach(ms);
    seriesIn(this.#series, name)?.add(ms, value);
  }

  /** A lock has this owner from now on; -1: none. */
  owner(lock: string, ms: number, lane: number): void {
    this.reach(ms);
    seriesIn(this.#locks, lock)?.add(ms, lane);
  }

  mark(name: string, ms: number, text: string): void {
    this.reach(ms);
    const lane = this.laneIndex(name);
    if (lane >= 0 && this.#marks.length < MARKS) this.#marks.push({ ms, lane, text: clean(text) });
  }

  arrow(arrow: Arrow): void {
    if (arrow.fromLane >= 0 && arrow.toLane >= 0 && this.#arrows.length < ARROWS) this.#arrows.push(arrow);
  }

  /** The chart is at least this long. */
  reach(ms: number): void {
    if (ms > this.#endMs) this.#endMs = ms;
  }

  /**
   * What has been recorded. `steps`: what to step through, of so many; left out: where segments begin and end, if they are as
   * they were.
   */
  build(more: { phases?: readonly Phase[]; steps?: { steps: readonly Mark[]; of: number } } = {}): Chart {
    const lanes = this.#lanes.map((lane) => lane.build());
    const { steps, of } = more.steps ?? edgeSteps(this.#resolutionMs === 0 ? lanes : []);
    return {
      endMs: Math.max(this.#endMs, 1e-3),
      parent: this.#options.parent,
      unit: this.#options.unit,
      lanes,
      hidden: { ...this.#hidden, lanes: this.#hidden.lanes.size },
      resolutionMs: this.#resolutionMs,
      series: [...this.#series.values()].map((series) => series.build()),
      locks: [...this.#locks.values()].map((series) => series.build()),
      marks: this.#marks,
      arrows: this.#arrows,
      phases: (more.phases ?? []).map((phase) => within(phase, this.#endMs)),
      steps,
      stepsOf: of,
    };
  }

  #coarsen(): void {
    const most = (this.#options.segments ?? SEGMENTS) / 2;
    // Twice as many segments as pieces can be left: in each what was put together, and a long one after it.
    const pieceMs = (this.#endMs * this.#lanes.length * 2) / most;
    for (let ms = Math.max(this.#resolutionMs * 2, pieceMs, 1e-3); this.#segments > most; ms *= 2) {
      this.#resolutionMs = ms;
      for (const lane of this.#lanes) lane.coarsen(ms);
      this.#segments = this.#lanes.reduce((sum, lane) => sum + lane.segments, 0);
      if (ms > this.#endMs * 2) return;
    }
  }
}

function within({ title, fromMs, toMs }: Phase, endMs: number): Phase {
  return { title: clean(title), fromMs: Math.min(fromMs, endMs), toMs: Math.min(toMs, endMs) };
}

/** The series of this name, made if it is new; undefined if there are very many already. */
function seriesIn(all: Map<string, SeriesBuilder>, name: string): SeriesBuilder | undefined {
  let series = all.get(name);
  if (series === undefined && all.size < SERIES) {
    series = new SeriesBuilder(clean(name));
    all.set(name, series);
  }
  return series;
}
