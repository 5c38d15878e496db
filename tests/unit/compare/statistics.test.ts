import { expect, test } from "bun:test";
import fc from "fast-check";
import { outliersOf, ratioOf, summarize } from "../../../src/compare/statistics.ts";
import type { Summary } from "../../../src/recording/results/comparison.ts";

const time = fc.double({ min: 1e-3, max: 1e7, noNaN: true });
const times = fc.array(time, { minLength: 1, maxLength: 40 });
const several = fc.array(time, { minLength: 2, maxLength: 40 });
/** Equal but for rounding. */
const near = (a: number, b: number, scale = Math.max(Math.abs(a), Math.abs(b))) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * scale + 1e-12);

test("a summary stays in the range, whatever the order; one measurement has no spread", () => {
  fc.assert(
    fc.property(times, (values) => {
      const { n, mean, stddev, median, min, max } = summarize(values);
      expect(n).toBe(values.length);
      expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
      for (const middle of [mean, median]) expect(min <= middle && middle <= max).toBe(true);
      expect(stddev === null).toBe(n === 1);
      expect(stddev ?? 0).toBeGreaterThanOrEqual(0);
      near(summarize(values.toReversed()).mean, mean);
    }),
  );
  expect(() => summarize([])).toThrow(RangeError);
});

test("mean and σ are those of the definition, found the other way round", () => {
  fc.assert(
    fc.property(several, (values) => {
      const { n, mean, stddev } = summarize(values);
      // Half the mean squared difference of all pairs is the sample's variance, with no mean in it.
      const pairs = values.flatMap((a) => values.map((b) => (a - b) ** 2));
      const variance = pairs.reduce((sum, square) => sum + square, 0) / (2 * n * (n - 1));
      near(stddev ?? Number.NaN, Math.sqrt(variance), Math.max(...values));
      near(
        values.reduce((sum, value) => sum + (value - mean), 0),
        0,
        Math.max(...values) * n,
      );
    }),
  );
  expect(summarize([2, 4, 4, 4, 5, 5, 7, 9])).toMatchObject({ mean: 5, median: 4.5, min: 2, max: 9 });
  near(summarize([2, 4, 4, 4, 5, 5, 7, 9]).stddev ?? 0, Math.sqrt(32 / 7));
});

const summary = fc
  .record({ mean: fc.double({ min: 1e-2, max: 1e6, noNaN: true }), share: fc.double({ min: 0, max: 2, noNaN: true }) })
  .map(({ mean, share }): Summary => ({ n: 5, mean, stddev: mean * share, median: mean, min: mean, max: mean }));

test("a ratio's error is what the errors of both come to, by the slopes of b/a", () => {
  fc.assert(
    fc.property(summary, summary, (a, b) => {
      const ratio = ratioOf(b, a)!;
      near(ratio.value, b.mean / a.mean);
      const step = 1e-6;
      const slopeA = (b.mean / (a.mean * (1 + step)) - b.mean / (a.mean * (1 - step))) / (2 * step * a.mean);
      const slopeB = (b.mean * (1 + step) - b.mean * (1 - step)) / a.mean / (2 * step * b.mean);
      const expected = Math.hypot(slopeA * (a.stddev ?? 0), slopeB * (b.stddev ?? 0));
      expect(Math.abs((ratio.error ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-5 * expected + 1e-12);
    }),
  );
});

test("the unit does not matter to a ratio, and the other way round it is as exact", () => {
  fc.assert(
    fc.property(summary, summary, fc.constantFrom(1e-3, 1e3, 60), (a, b, factor) => {
      const scaled = (of: Summary): Summary => ({ ...of, mean: of.mean * factor, stddev: (of.stddev ?? 0) * factor });
      const [ratio, other, back] = [ratioOf(b, a)!, ratioOf(scaled(b), scaled(a))!, ratioOf(a, b)!];
      near(other.value, ratio.value);
      near(other.error ?? Number.NaN, ratio.error ?? Number.NaN);
      near((back.error ?? 0) / back.value, (ratio.error ?? 0) / ratio.value);
    }),
  );
});

test("no ratio by nothing; nothing is no times as much; no error without two measurements of each", () => {
  const of = (...values: number[]) => summarize(values);
  for (const [b, a] of [
    [of(1, 2), of(0, 0)],
    [of(-3, 1), of(1, 2)],
  ] as const) {
    expect(ratioOf(b, a)).toBeNull();
  }
  expect(ratioOf(of(0, 0), of(1, 3))).toEqual({ value: 0, error: 0 });
  expect(ratioOf(of(0), of(1, 3))).toEqual({ value: 0, error: null });
  expect(ratioOf(of(3), of(2, 2))).toEqual({ value: 1.5, error: null });
  expect(ratioOf(of(3, 3), of(2))).toEqual({ value: 1.5, error: null });
  expect(ratioOf(of(3, 3), of(2, 2))).toEqual({ value: 1.5, error: 0 });
});

test("an outlier is found, and nothing that is usual", () => {
  expect(outliersOf([100, 101, 99, 100.5, 99.5, 900])).toEqual([5]);
  expect(outliersOf([3, 100, 101, 99, 102, 98])).toEqual([0]);
  expect(outliersOf([100, 101, 900])).toEqual([]); // too few to know what is usual
  expect(outliersOf([5, 5, 5, 5, 5, 5.001])).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 900, max: 1_100 }), { maxLength: 30 }), fc.integer(), (values, shift) => {
      const found = outliersOf(values);
      expect(outliersOf(values.map((value) => value + shift))).toEqual(found);
      expect(outliersOf(values.map((value) => value * 4))).toEqual(found);
      expect(found.length).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});
