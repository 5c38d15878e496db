/**
 * What several measurements of one thing come to, and how two such things relate. Reported as hyperfine does: the mean and
 * the sample's standard deviation, the whole range, and nothing thrown away.
 */
import { median, sum } from "../demos/analysis/numbers.ts";
import type { Ratio, Summary } from "../recording/results/comparison.ts";

/** What these come to. @throws RangeError of nothing: the mean of nothing is no number. */
export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  if (n === 0) throw new RangeError("no measurement to summarize");
  const min = values.reduce((least, value) => Math.min(least, value));
  const max = values.reduce((most, value) => Math.max(most, value));
  const mean = Math.min(max, Math.max(min, sum(values) / n)); // rounding must not carry it out of the range
  const squares = sum(values.map((value) => (value - mean) ** 2));
  return { n, mean, stddev: n === 1 ? null : Math.sqrt(squares / (n - 1)), median: median(values), min, max };
}

/**
 * `b` by `a`. The error is propagated to first order, the two taken for independent: for f = b/a,
 * σf = f·√((σa/a)² + (σb/b)²) (https://en.wikipedia.org/wiki/Propagation_of_uncertainty#Example_formulas; so does
 * hyperfine). Null where that formula means nothing: unless both means are above 0, or all of `b` is 0.
 */
export function ratioOf(b: Summary, a: Summary): Ratio | null {
  const isNothing = b.min === 0 && b.max === 0;
  if (!(a.mean > 0 && (b.mean > 0 || isNothing))) return null;
  const value = b.mean / a.mean;
  if (a.stddev === null || b.stddev === null) return { value, error: null };
  return { value, error: isNothing ? 0 : value * Math.hypot(a.stddev / a.mean, b.stddev / b.mean) };
}

/** A measurement is an outlier from this modified z-score on: ten standard deviations, as in hyperfine. */
const OUTLIER_SCORE = 14.826;
/** Fewer measurements do not show what is usual. */
const LEAST_FOR_OUTLIERS = 5;

/**
 * The positions of outliers: by the modified z-score, (x − median) by the median absolute deviation, which one outlier
 * cannot hide from by widening the spread (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993).
 */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length < LEAST_FOR_OUTLIERS) return [];
  const middle = median(values);
  const deviation = median(values.map((value) => Math.abs(value - middle)));
  if (deviation === 0) return []; // most are the very same: what differs at all would count as far away
  return values.flatMap((value, i) => ((0.6745 * Math.abs(value - middle)) / deviation > OUTLIER_SCORE ? [i] : []));
}
