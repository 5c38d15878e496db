import { expect, test } from "bun:test";
import { MapChart } from "../../../../src/export/chart/map.ts";
import { RunChart } from "../../../../src/export/chart/run.ts";
import type { LaneEvent } from "../../../../src/recording/event.ts";
import { parent } from "../../../support/recordings/charts.ts";

const at = (t: number, lane: string, pid: number) => ({ t, lane, pid, ppid: 100 });

function job(seq: number, lane: string, fromMs: number, toMs: number, code: number): LaneEvent<"run">[] {
  const ending = { code, signal: null, timedOut: false, attempt: 1, ms: toMs - fromMs, retry: false, stopped: false };
  return [
    { ...at(fromMs, lane, 200 + seq), type: "spawn", seq, attempt: 1, command: `job ${seq}` },
    { ...at(toMs, lane, 200 + seq), type: "exit", seq, command: `job ${seq}`, ...ending },
  ];
}

test("a run: a lane a slot, a segment a job, how many ran at once", () => {
  const chart = new RunChart(parent);
  const events = [...job(1, "P1", 0, 10, 0), ...job(2, "P2", 1, 5, 3), ...job(3, "P2", 6, 9, 0)];
  for (const event of events.sort((a, b) => a.t - b.t)) chart.add(event);
  const { lanes, series, steps } = chart.build(12);
  expect(lanes.map(({ name, count, failed }) => [name, count, failed])).toEqual([
    ["P1", 1, 0],
    ["P2", 2, 1],
  ]);
  expect(lanes[1]?.segments.map(({ state, label, pid }) => [state, label, pid])).toEqual([
    ["killed", "exit code 3 · #2 job 2", 202],
    ["runs", "#3 job 3", 203],
  ]);
  expect(series[0]?.points).toEqual([
    [0, 1],
    [1, 2],
    [5, 1],
    [6, 2],
    [9, 1],
    [10, 0],
  ]);
  expect(steps.map(({ ms }) => ms)).toEqual([0, 1, 5, 6, 9, 10]);
});

test("a map: workers that start, work through chunks, die and are replaced", () => {
  const chart = new MapChart(parent);
  const error = { kind: "crash", name: "CrashError", message: "its worker died", stack: "" } as const;
  const events: LaneEvent<"map">[] = [
    { ...at(0, "P1", 201), type: "spawn" },
    { ...at(5, "P1", 201), type: "ready" },
    { ...at(15, "P1", 201), type: "chunk", first: 0, count: 8, ms: 9 },
    { ...at(15.5, "P1", 201), type: "fail", index: 9, attempts: 1, error: { ...error, kind: "throw", name: "Error" } },
    { ...at(20, "P1", 201), type: "chunk", first: 8, count: 4, ms: 6 }, // says 6, but 5 ms ago it was at another one
    { ...at(30, "P1", 201), type: "exit", code: null, signal: "SIGKILL" },
    { ...at(31, "P1", 201), type: "fail", index: 12, attempts: 3, error },
    { ...at(32, "P1", 202), type: "spawn" },
  ];
  for (const event of events) chart.add(event);
  const { lanes, marks } = chart.build(40);
  expect(lanes[0]?.segments.map(({ state, fromMs, toMs, failed }) => [state, fromMs, toMs, failed])).toEqual([
    ["starts", 0, 5, 0],
    ["runs", 6, 15, 0],
    ["runs", 15, 20, 1],
    ["killed", 20, 30, 0],
    ["killed", 31, 31, 1],
  ]);
  expect(lanes[0]?.segments[1]?.label).toBe("items 1–8");
  expect(lanes[0]?.failed).toBe(2);
  expect(lanes[0]?.lives).toMatchObject([{ pid: 201, toMs: 30, failed: true }]);
  expect(marks.map(({ text }) => text)).toEqual([
    "item 10 failed: Error: its worker died",
    "item 13 failed: CrashError: its worker died",
  ]);
});
