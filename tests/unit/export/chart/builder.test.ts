import { expect, test } from "bun:test";
import fc from "fast-check";
import { ChartBuilder } from "../../../../src/export/chart/builder.ts";
import type { Chart } from "../../../../src/export/chart/chart.ts";
import { segmentText } from "../../../../src/export/chart/words.ts";
import { parent } from "../../../support/recordings/charts.ts";

const segmentsIn = ({ lanes }: Chart) => lanes.reduce((sum, { segments }) => sum + segments.length, 0);
const failedIn = ({ lanes }: Chart) =>
  lanes.flatMap(({ segments }) => segments).reduce((sum, { failed }) => sum + failed, 0);

test("what is recorded stays in order and within bounds, and no failure gets lost", () => {
  const job = fc.record({
    lane: fc.integer({ min: 1, max: 5 }),
    gapMs: fc.double({ min: 0, max: 10, noNaN: true }),
    ms: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1_000, noNaN: true })),
    failed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(job, { maxLength: 400 }), (jobs) => {
      const builder = new ChartBuilder({ unit: "jobs", parent, segments: 40 });
      const ends = new Map<number, number>();
      for (const { lane, gapMs, ms, failed } of jobs) {
        const fromMs = (ends.get(lane) ?? 0) + gapMs;
        ends.set(lane, fromMs + ms);
        builder.add(`P${lane}`, {
          fromMs,
          toMs: fromMs + ms,
          state: failed ? "killed" : "runs",
          label: "job",
          pid: 7,
          failed: Number(failed),
        });
      }
      const chart = builder.build();
      expect(segmentsIn(chart)).toBeLessThanOrEqual(40);
      expect(failedIn(chart)).toBe(jobs.filter(({ failed }) => failed).length);
      expect(chart.lanes.reduce((sum, { count }) => sum + count, 0)).toBe(jobs.length);
      for (const { segments } of chart.lanes) {
        for (const [i, { fromMs, toMs }] of segments.entries()) {
          expect(toMs).toBeGreaterThanOrEqual(fromMs);
          expect(fromMs).toBeGreaterThanOrEqual(segments[i - 1]?.toMs ?? 0);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("three hundred thousand items take no more room than twenty thousand, and long ones stay what they were", () => {
  const builder = new ChartBuilder({ unit: "items", parent });
  for (let i = 0; i < 300_000; i++) {
    builder.add("P1", {
      fromMs: i,
      toMs: i + 0.8,
      state: "runs",
      label: `item ${i}`,
      pid: 7,
      failed: i === 222_222 ? 1 : 0,
    });
    builder.count("running", i, i % 2);
  }
  builder.add("P1", { fromMs: 300_000, toMs: 400_000, state: "waits", label: "the long one", pid: 7 });
  const chart = builder.build();
  expect(segmentsIn(chart)).toBeLessThanOrEqual(20_000);
  expect(chart.series[0]?.points.length).toBeLessThanOrEqual(4_000);
  const [lane] = chart.lanes;
  expect(lane?.count).toBe(300_001);
  expect(lane?.segments.at(-1)).toMatchObject({ state: "waits", label: "the long one" });
  const bad = lane?.segments.find(({ failed }) => failed > 0);
  expect(bad?.fromMs).toBeLessThanOrEqual(222_222);
  expect(bad?.toMs).toBeGreaterThan(222_222);
  expect(segmentText(bad!, "items")).toMatch(/^\d+ items, 1 failed: runs 8[01] %$/);
  expect(chart.steps).toHaveLength(0);
});

test("a thinned number still shows its peaks", () => {
  const builder = new ChartBuilder({ unit: "jobs", parent });
  for (let i = 0; i < 100_000; i++) builder.count("n", i, i === 54_321 ? 99 : i === 12_345 ? -99 : 1);
  const values = builder.build().series[0]?.points.map(([, value]) => value) ?? [];
  expect(Math.max(...values)).toBe(99);
  expect(Math.min(...values)).toBe(-99);
});

test("lanes beyond the most that are kept are counted", () => {
  const builder = new ChartBuilder({ unit: "jobs", parent });
  for (let i = 1; i <= 600; i++) {
    builder.add(`P${i}`, { fromMs: 0, toMs: 1, state: "runs", label: "", pid: i, failed: i > 590 ? 1 : 0 });
  }
  const { lanes, hidden } = builder.build();
  expect(lanes).toHaveLength(512);
  expect(hidden).toEqual({ lanes: 88, count: 88, failed: 10 });
});
