import { expect, test } from "bun:test";
import fc from "fast-check";
import { pointsUpTo, serialShare } from "../../../src/demos/speedup-report.ts";

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
