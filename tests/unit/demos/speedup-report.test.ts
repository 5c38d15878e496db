import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  answerOf,
  isDisturbed,
  pointOf,
  pointsUpTo,
  type SpeedupResult,
  serialShare,
  serialShareOf,
  speedupFacts,
  speedupWhy,
} from "../../../src/demos/speedup/report.ts";

test("Amdahl's law and the share read from it agree", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, fc.integer({ min: 2, max: 1_000 }), (share, procs) => {
      expect(serialShare(procs, 1 / (share + (1 - share) / procs))).toBeCloseTo(share, 9);
    }),
  );
});

test("a share is never less than none nor more than all; of one process there is none", () => {
  expect(serialShare(2, 2.3)).toBe(0);
  expect(serialShare(2, 0.7)).toBe(1);
  expect(serialShare(1, 1)).toBeNull();
  expect(serialShare(2, Number.NaN)).toBeNull();
});

test("the points begin with one process, end with the last, and hold the number of cores", () => {
  const upTo = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(upTo, upTo, (procs, cores) => {
      const points = pointsUpTo(procs, cores);
      expect(points).toEqual([...new Set(points)].toSorted((a, b) => a - b));
      expect([points[0], points.at(-1)]).toEqual([1, procs]);
      if (cores <= procs) expect(points).toContain(cores);
      expect(points.length).toBeLessThanOrEqual(17);
    }),
  );
});

/** What was measured with 1, 2, … processes: the times of the runs, and the share of a core each process had. */
function measured(cores: number, ...given: { ms: number[]; coreShare?: number }[]): SpeedupResult {
  const oneMs = Math.min(...(given[0]?.ms ?? []));
  const points = given.map(({ ms, coreShare = 1 }, i) =>
    pointOf(
      i + 1,
      ms.map((ms) => ({ ms, hits: 1, cpuMs: ms, coreShare })),
      oneMs,
    ),
  );
  const serialShare = serialShareOf(points, cores);
  return { cores, points, asyncMs: oneMs, asyncTasks: 2, serialShare, disturbed: isDisturbed(points, cores) };
}
const labels = (result: SpeedupResult) => speedupFacts(result, []).map(({ label }) => label);

test("on a quiet machine: the law's share, and the usual explanation", () => {
  const result = measured(2, { ms: [200, 203, 210] }, { ms: [104, 105, 130] }, { ms: [110, 150, 160], coreShare: 0.6 });
  expect(result.disturbed).toBe(false);
  expect(labels(result)).toContain("demo.speedup.fact.serial");
  expect(labels(result)).not.toContain("demo.speedup.fact.coreShare");
  expect([answerOf(result.points), speedupWhy(result)]).toEqual([{ answer: "double" }, {}]);
});

test("a process without a core of its own, or runs that scatter: disturbed, and no law is read from it", () => {
  const shared = measured(2, { ms: [200, 205] }, { ms: [260, 270], coreShare: 0.4 });
  expect(labels(shared)).toContain("demo.speedup.fact.coreShare");
  expect(labels(shared)).not.toContain("demo.speedup.fact.scatter");
  const scattered = measured(2, { ms: [200, 205, 210] }, { ms: [110, 190, 260] });
  expect(labels(scattered)).toContain("demo.speedup.fact.scatter");
  for (const result of [shared, scattered]) {
    expect(result.disturbed).toBe(true);
    expect(labels(result)).not.toContain("demo.speedup.fact.serial");
    expect(speedupWhy(result)).toEqual({ why: "demo.speedup.why.disturbed" });
  }
});

test("a slow-down is slower, not hardly faster, and has no serial share", () => {
  const slower = measured(2, { ms: [20, 20] }, { ms: [26, 26] });
  expect(slower.disturbed).toBe(false);
  expect([answerOf(slower.points), speedupWhy(slower)]).toEqual([
    { answer: "slower" },
    { why: "demo.speedup.why.noGain" },
  ]);
  expect(labels(slower)).not.toContain("demo.speedup.fact.serial");
});

test("one core: two processes take turns, which is no serial share", () => {
  const result = measured(1, { ms: [200, 201] }, { ms: [202, 203], coreShare: 0.5 });
  expect([result.disturbed, answerOf(result.points), speedupWhy(result)]).toEqual([false, { answer: "none" }, {}]);
  expect(labels(result)).not.toContain("demo.speedup.fact.serial");
});

test("one process answers nothing about two", () => {
  expect(answerOf(measured(2, { ms: [200, 201] }).points)).toEqual({});
});
