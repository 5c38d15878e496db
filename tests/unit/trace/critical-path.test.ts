/** The critical path of processes that were not there: starts and ends made by hand. */
import { expect, test } from "bun:test";
import { CriticalPath } from "../../../src/trace/critical-path.ts";
import { Processes } from "../../../src/trace/processes.ts";

type Job = readonly [pid: number, ppid: number, startMs: number, endMs: number];

/** The pids on the path, each with its stretch. */
function pathOf(jobs: readonly Job[]): string[] {
  const path = new CriticalPath();
  const processes = new Processes([path]);
  const events = jobs.flatMap(([pid, ppid, startMs, endMs]) => [
    { t: startMs, begin: true, pid, ppid },
    { t: endMs, begin: false, pid, ppid },
  ]);
  for (const { t, begin, pid, ppid } of events.sort((a, b) => a.t - b.t || Number(a.begin) - Number(b.begin))) {
    if (begin) processes.begin(pid, ppid, t);
    else processes.take({ is: "end", t, pid, code: 0, signal: null, cpuMs: 0 });
    if (!begin) processes.gone(processes.live.get(pid)!, t);
  }
  return path.stretches(1000).map(({ pid, startMs, endMs }) => `${pid} ${startMs}-${endMs}`);
}

test("one child after another, and the parent's own time between them", () => {
  expect(
    pathOf([
      [1, 0, 0, 100],
      [2, 1, 10, 40],
      [3, 1, 50, 90],
    ]),
  ).toEqual(["1 0-10", "2 10-40", "1 40-50", "3 50-90", "1 90-100"]);
});

test("of children side by side the last one to end, and before it the one that made room for it", () => {
  // b ends at 50 and c takes its place; a, which runs beside both, is on no path.
  expect(
    pathOf([
      [1, 0, 0, 120],
      [10, 1, 0, 70],
      [11, 1, 0, 50],
      [12, 1, 50, 110],
    ]),
  ).toEqual(["11 0-50", "12 50-110", "1 110-120"]);
});

test("a child's own children are part of it", () => {
  expect(
    pathOf([
      [1, 0, 0, 100],
      [2, 1, 10, 90],
      [3, 2, 20, 80],
    ]),
  ).toEqual(["1 0-10", "2 10-20", "3 20-80", "2 80-90", "1 90-100"]);
});

test("ten thousand children after one another: the path stays short, and its long links are on it", () => {
  const jobs: Job[] = [[1, 0, 0, 1000]];
  for (let i = 0; i < 10_000; i++) jobs.push([i + 2, 1, i * 0.05, i * 0.05 + 0.04]);
  jobs.push([20_000, 1, 600, 900]);
  const path = pathOf(jobs);
  expect(path).toContain("20000 600-900");
  expect(path.length).toBeLessThan(1000);
});
