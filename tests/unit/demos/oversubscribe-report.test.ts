import { describe, expect, test } from "bun:test";
import {
  crowdPoint,
  crowdsUpTo,
  isPossible,
  type OversubscribedRun,
  oversubscribeAnswer,
  oversubscribeResult,
  oversubscribeWhy,
  type Share,
  slowestShare,
} from "../../../src/demos/oversubscribe/report.ts";

const share = (doneMs: readonly number[], cpuMs = 10, ms = 10): Share => ({
  hits: 1,
  ms,
  cpuMs,
  voluntary: 1,
  involuntary: 2,
  doneMs,
});
const crowd = (ms: number, ...shares: Share[]): OversubscribedRun => ({ ms, shares });

test.each([
  [16, 2, [1, 2, 4, 8, 16]],
  [3, 2, [1, 2, 3]],
  [20, 2, [1, 2, 4, 8, 16, 20]],
  [8, 1, [1, 2, 4, 8]],
  [48, 6, [1, 2, 6, 12, 24, 48]],
  [130, 64, [1, 2, 64, 128, 130]],
])("up to %i processes on %i cores", (procs, cores, counts) => expect(crowdsUpTo(procs, cores)).toEqual(counts));

test("how far the slowest was when the first was through", () => {
  expect(slowestShare([share([1, 2, 3, 4]), share([2, 4, 6, 8])])).toBe(0.5);
  expect(slowestShare([share([1, 2, 3, 4]), share([5, 6, 7, 8])])).toBe(0);
  expect(slowestShare([share([1, 2])])).toBe(1);
});

test("a point is that of the fastest run", () => {
  const point = crowdPoint([crowd(30, share([1]), share([1])), crowd(20, share([1, 2]), share([2, 3]))], 40, 2, 12);
  expect(point).toMatchObject({
    procs: 2,
    ms: 20,
    speedup: 2,
    voluntary: 2,
    involuntary: 4,
    slowest: 0.5,
    memoryMb: 12,
  });
  expect(point.coreUse).toBe(0.5); // 20 ms of CPU in 20 ms on two cores
  expect(point.runsMs).toEqual([30, 20]);
});

const points = (...ms: readonly (readonly [procs: number, ms: number, cpuMs?: number])[]) =>
  ms.map(([procs, time, cpuMs = (time * Math.min(procs, 2)) / procs]) => {
    const shares = Array.from({ length: procs }, () => share([1], cpuMs, time));
    return crowdPoint([crowd(time, ...shares)], ms[0]?.[1] ?? 0, 2, procs);
  });

test.each([
  [49, "same", undefined],
  [54, "same", undefined],
  [70, "later", "demo.oversubscribe.why.later"],
  [40, "sooner", "demo.oversubscribe.why.sooner"],
] as const)("one for each core in 50 ms, 16 in %i ms: %s", (ms, answer, why) => {
  const result = oversubscribeResult(points([1, 100], [2, 50], [16, ms]), 2, 16);
  expect(result.ratio).toBeCloseTo(ms / 50, 3);
  expect(result.disturbed).toBe(false);
  expect(oversubscribeAnswer(result)).toBe(answer);
  expect(oversubscribeWhy(result).why).toBe(why);
});

test("where a process had no core although there was one for each, the times are not explained", () => {
  const result = oversubscribeResult(points([1, 100, 50], [2, 50], [16, 70]), 2, 16);
  expect(result.disturbed).toBe(true);
  expect(oversubscribeWhy(result).why).toBe("demo.speedup.why.disturbed");
});

describe("CPU time", () => {
  const possible = (cpuMs: number) => isPossible(oversubscribeResult(points([2, 50], [4, 50, cpuMs]), 2, 4));
  test("four processes can have had 25 ms each of two cores in 50 ms", () => expect(possible(25)).toBe(true));
  test("not 30 ms each", () => expect(possible(30)).toBe(false));
  test("and not none", () => expect(possible(0)).toBe(false));
});
