/**
 * Plays a demo several times, with one set of parameters or with two of them in turns (A B A B …), so that whatever
 * changes on the machine meanwhile changes for both.
 *
 * Always true: a run is whole before the next begins; nothing measured is thrown away; of the recordings, which can be
 * large, only a few are kept, those of the runs nearest to the median.
 */

import type { Check, Demo, Params } from "../demos/define.ts";
import { type DemoDocument, type Played, type PlayOptions, playDemo } from "../demos/play.ts";
import { joinPath } from "../os/bytes/paths.ts";
import type { Comparison, Ratio, Series, SeriesProgress } from "../recording/results/comparison.ts";
import { type Measures, measuresOf, summaryOf } from "./measures.ts";
import { warningsOf, watchLoad } from "./noise.ts";
import { ratioOf, summarize } from "./statistics.ts";

/** Runs of one demo with the same parameters. */
export type PlayedSeries = Series<DemoDocument, Played>;

/** One series, or two to compare. */
export type PlayedComparison = Comparison<PlayedSeries, Demo>;

export interface SeriesOptions {
  /** One set of parameters, or two. */
  readonly variants: readonly Params[];
  /** How often each is played; by default as often as {@link BUDGET_MS} allows, but three to ten times. */
  readonly runs: number | undefined;
  /** Where files stay: a folder in it for each run (`1`, `2` … or `a1`, `b1`, `a2` …). */
  readonly dir?: string | undefined;
  /** As of PlayOptions. */
  readonly farm?: PlayOptions["farm"];
  readonly signal: AbortSignal;
  /** Called before the first run and after each. */
  readonly onProgress?: (progress: SeriesProgress) => void;
}

/** By default, runs go on for about this long. */
const BUDGET_MS = 5_000;
const LEAST_RUNS = 3;
const MOST_RUNS = 10;

/** @throws what `playDemo` throws, as soon as a run does; the signal's reason. */
export async function playSeries(demo: Demo, options: SeriesOptions): Promise<PlayedComparison> {
  const { variants, dir, farm, signal, onProgress } = options;
  const collected = variants.map((params) => new Collected(demo, params));
  let { runs } = options;
  const progress = () => {
    onProgress?.({ times: collected.map(({ times }) => (times.length === 0 ? undefined : summarize(times))), runs });
  };
  const othersLoad = watchLoad();
  progress();
  for (let run = 1; runs === undefined || run <= runs; run++) {
    for (const [i, series] of collected.entries()) {
      const name = variants.length === 1 ? String(run) : `${"ab"[i]}${run}`;
      const { params } = series;
      const place = { dir: dir === undefined ? undefined : joinPath(dir, name), farm };
      series.add(await playDemo(demo, { params, signal, ...place }));
      if (i === collected.length - 1) runs ??= affordable(collected.map(({ times }) => times[0] ?? 0));
      progress();
    }
  }
  const load = othersLoad();
  const times = collected.map(({ times }) => ({ ms: times, summary: summarize(times) }));
  const [a, b] = collected.map((each) => each.series());
  if (a === undefined) throw new RangeError("nothing to play");
  return {
    demo,
    series: b === undefined ? [a] : [a, b],
    changed: b === undefined ? {} : changedParams(a.params, b.params),
    ratios: b === undefined ? {} : ratiosOf(a, b),
    warnings: warningsOf(times, load),
  };
}

/** The parameters that differ, as they are in `other`. */
export function changedParams(params: Params, other: Params): Params {
  return Object.fromEntries(Object.entries(other).filter(([name, value]) => params[name] !== value));
}

function ratiosOf(a: PlayedSeries, b: PlayedSeries): Readonly<Record<string, Ratio>> {
  return Object.fromEntries(
    Object.entries(a.summary).flatMap(([name, summary]) => {
      const other = b.summary[name];
      const ratio = other === undefined ? null : ratioOf(other, summary);
      return ratio === null ? [] : [[name, ratio]];
    }),
  );
}

/** How many runs of each the budget allows, if the first took this long, ms. */
export function affordable(first: readonly number[]): number {
  const each = first.reduce((sum, ms) => sum + ms, 0);
  return Math.min(MOST_RUNS, Math.max(LEAST_RUNS, Math.floor(BUDGET_MS / Math.max(each, 1))));
}

/** So many recordings of a series are kept at most. */
const RECORDINGS_KEPT = 3;

/** A series while it is being played. */
class Collected {
  readonly #documents: DemoDocument[] = [];
  readonly #measures: Measures[] = [];
  readonly #failed = new Map<Check["label"], number>();
  /** Those whose recordings are kept, by time. */
  #kept: Played[] = [];

  constructor(
    readonly demo: Demo,
    readonly params: Params,
  ) {}

  /** The elapsed ms of its runs, in the order they were played. */
  get times(): number[] {
    return this.#documents.map(({ elapsedMs }) => elapsedMs);
  }

  add(played: Played): void {
    this.#documents.push(played.document);
    this.#measures.push(measuresOf(this.demo, played.document));
    for (const { label, ok } of played.outcome.checks) {
      if (!ok) this.#failed.set(label, (this.#failed.get(label) ?? 0) + 1);
    }
    this.#kept = this.#byNearness([...this.#kept, played]).slice(0, RECORDINGS_KEPT);
  }

  series(): PlayedSeries {
    const [typical] = this.#byNearness(this.#kept);
    if (typical === undefined) throw new RangeError("a series without a run");
    const { params } = this;
    return { params, documents: this.#documents, summary: summaryOf(this.#measures), typical, failed: this.#failed };
  }

  /** Those first that took about as long as the median run. */
  #byNearness(all: readonly Played[]): Played[] {
    const { median } = summarize(this.times);
    const distance = ({ document }: Played) => Math.abs(document.elapsedMs - median);
    return all.toSorted((a, b) => distance(a) - distance(b));
  }
}
