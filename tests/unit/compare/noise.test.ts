import { expect, test } from "bun:test";
import { parseTicks, warningsOf, watchLoad } from "../../../src/compare/noise.ts";
import { summarize } from "../../../src/compare/statistics.ts";

const stat = "cpu  100 20 30 4000 50 6 7 8 90 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n";
const self = "4242 (a name) with) 1 2) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n";

test("the kernel's two files are read as proc(5) says; guests are not counted twice", () => {
  expect(parseTicks(stat, self)).toEqual({ total: 4221, busy: 171, own: 11 + 12 + 13 + 14 });
  for (const broken of ["", "cpu0 1 2 3", "cpu  a b c"]) expect(parseTicks(broken, self)).toBeNull();
  expect(parseTicks(stat, "4242 (cut off) S 1 2")).toBeNull();
});

test("the load is what others used of the time between: neither ours, nor idle", () => {
  const at = (...moments: (ReturnType<typeof parseTicks> | null)[]) => watchLoad(() => moments.shift() ?? null)();
  expect(at({ total: 1000, busy: 500, own: 50 }, { total: 1200, busy: 620, own: 130 })).toBeCloseTo(0.2);
  expect(at({ total: 1000, busy: 500, own: 50 }, { total: 1200, busy: 600, own: 150 })).toBe(0);
  expect(at({ total: 1000, busy: 500, own: 50 }, { total: 1200, busy: 600, own: 180 })).toBe(0); // ticks are coarse
  expect(at({ total: 1000, busy: 500, own: 50 }, { total: 1000, busy: 500, own: 50 })).toBeNull();
  expect(at(null, { total: 1200, busy: 600, own: 150 })).toBeNull();
});

test("this very machine's files say something", () => {
  const load = watchLoad();
  const end = performance.now() + 50;
  while (performance.now() < end); // time has to pass in ticks
  const share = load();
  expect(share === null || (share >= 0 && share <= 1)).toBe(true);
  expect(share === null).toBe(process.platform !== "linux");
});

const times = (...ms: number[]) => ({ ms, summary: summarize(ms) });

test("a busy machine, an outlier and a wide spread are said, each of the series it is in", () => {
  const quiet = times(100, 101, 99, 100.5, 99.5);
  expect(warningsOf([quiet, quiet], 0.05)).toEqual([]);
  expect(warningsOf([quiet], null)).toEqual([]);
  expect(warningsOf([quiet], 0.3)).toEqual([{ kind: "load", share: 0.3 }]);
  expect(warningsOf([quiet, times(100, 101, 99, 900, 100.5, 99.5)], 0)).toEqual([
    { kind: "outliers", variant: 1, runs: [3] },
  ]);
  expect(warningsOf([times(100, 200), quiet], 0)).toEqual([
    { kind: "spread", variant: 0, share: expect.closeTo(0.4714, 3) },
  ]);
  expect(warningsOf([times(100)], 0)).toEqual([]);
});
