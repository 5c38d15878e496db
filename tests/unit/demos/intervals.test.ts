import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Interval, intervalsOf, maxOverlap } from "../../../src/demos/analysis/intervals.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";

const at = (t: number, lane: string, type: "hold" | "release"): LaneEvent => ({
  type,
  on: "lock",
  t,
  lane,
  pid: 1,
  ppid: 0,
});
const holds = (events: readonly LaneEvent[]) =>
  intervalsOf(
    events,
    ({ type }) => type === "hold",
    ({ type }) => type === "release",
  );

test("a hold lasts until the same lane's release; without one, for ever", () => {
  const events = [at(1, "P1", "hold"), at(2, "P2", "hold"), at(3, "P1", "release"), at(5, "P1", "hold")];
  expect(holds(events)).toEqual([
    { lane: "P1", fromMs: 1, toMs: 3 },
    { lane: "P2", fromMs: 2, toMs: Number.POSITIVE_INFINITY },
    { lane: "P1", fromMs: 5, toMs: Number.POSITIVE_INFINITY },
  ]);
});

test("holds that only touch do not overlap; that overlap by the smallest amount do", () => {
  const [first, second] = [at(1, "P1", "hold"), at(4, "P2", "release")];
  expect(maxOverlap(holds([first, at(2, "P1", "release"), at(2, "P2", "hold"), second]))).toBe(1);
  expect(maxOverlap(holds([first, at(2, "P2", "hold"), at(2.001, "P1", "release"), second]))).toBe(2);
  expect(maxOverlap([])).toBe(0);
});

test("the most at one moment is what counting moment by moment finds", () => {
  const interval = fc
    .record({ lane: fc.constantFrom("P1", "P2", "P3"), fromMs: fc.integer({ min: 0, max: 20 }), ms: fc.nat(8) })
    .map(
      ({ lane, fromMs, ms }): Interval => ({ lane, fromMs, toMs: ms === 8 ? Number.POSITIVE_INFINITY : fromMs + ms }),
    );
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (intervals) => {
      const holders = (ms: number) => intervals.filter(({ fromMs, toMs }) => fromMs <= ms && ms < toMs).length;
      const most = Math.max(0, ...Array.from({ length: 30 }, (_, ms) => holders(ms)));
      expect(maxOverlap(intervals)).toBe(most);
    }),
  );
});
