/** Several plays of a demo, as they are shown: what was measured, what differs, and what may have disturbed it. */
import type { Params, ShownDemo } from "./demo.ts";
import type { Check } from "./outcome.ts";
import type { ShownPlay } from "./shown-play.ts";

/** Several measurements of one quantity, in its own unit. */
export interface Summary {
  /** How many there were. */
  readonly n: number;
  readonly mean: number;
  /** Of the sample (n − 1); null of a single measurement, which says nothing about spread. */
  readonly stddev: number | null;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One quantity by another. */
export interface Ratio {
  readonly value: number;
  /** One standard deviation; null if either was measured only once. */
  readonly error: number | null;
}

/** Why the numbers may mean less than they seem to. `variant` is which of two series, 0 or 1. */
export type Warning =
  /** Others used this share of the machine's CPU time while the runs went on. */
  | { readonly kind: "load"; readonly share: number }
  /** These runs, counted from 0, took a quite different time than the others. */
  | { readonly kind: "outliers"; readonly variant: number; readonly runs: readonly number[] }
  /** The standard deviation of the time is this share of its mean. */
  | { readonly kind: "spread"; readonly variant: number; readonly share: number };

/** Runs of one demo with the same parameters. `D` is what is kept of each, `P` of the typical one. */
export interface Series<D = unknown, P extends ShownPlay = ShownPlay> {
  readonly params: Params;
  readonly documents: readonly D[];
  /** By measure, `elapsedMs` among them. */
  readonly summary: Readonly<Record<string, Summary>>;
  /** A run that took about as long as the median. */
  readonly typical: P;
  /** The checks that failed, with the number of runs they failed in. */
  readonly failed: ReadonlyMap<Check["label"], number>;
}

/** One series, or two to compare. */
export interface Comparison<S extends Series = Series, D extends ShownDemo = ShownDemo> {
  readonly demo: D;
  readonly series: readonly [a: S] | readonly [a: S, b: S];
  /** What differs, as the second series has it. */
  readonly changed: Params;
  /** The second series by the first, by measure; without those that there is no ratio of. */
  readonly ratios: Readonly<Record<string, Ratio>>;
  readonly warnings: readonly Warning[];
}

/** How far a series is. */
export interface SeriesProgress {
  /** What the runs' times, ms, come to so far, for each set of parameters; undefined before its first. */
  readonly times: readonly (Summary | undefined)[];
  /** How many runs of each there will be; undefined before that is known. */
  readonly runs: number | undefined;
}
