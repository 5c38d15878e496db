import { expect, test } from "bun:test";
import { chartOf, event, handOver } from "../../../support/recordings/charts.ts";

test("a lane's states, each with its reason", () => {
  const { lanes } = chartOf(handOver);
  expect(lanes.map(({ name, pid, ppid }) => [name, pid, ppid])).toEqual([
    ["main", 100, 1],
    ["P1", 101, 100],
    ["P2", 102, 100],
  ]);
  expect(lanes[2]?.segments.map(({ state, label, fromMs, toMs }) => [state, label, fromMs, toMs])).toEqual([
    ["starts", "", 2, 4],
    ["runs", "", 4, 6],
    ["waits", "a.lock (P1)", 6, 10],
    ["holds", "a.lock", 10, 12],
    ["runs", "", 12, 14],
    ["waits", "a.lock", 14, 16],
    ["holds", "a.lock", 16, 17],
  ]);
  expect(lanes[0]?.segments.map(({ state, toMs }) => [state, toMs])).toEqual([["runs", 17]]);
});

test("processes and how they ended", () => {
  const { lanes } = chartOf(handOver);
  expect(lanes[1]?.lives).toEqual([
    { pid: 101, ppid: 100, fromMs: 1, toMs: 15, ending: "killed by SIGKILL", failed: true },
  ]);
  expect(lanes[2]?.lives[0]).toMatchObject({ ending: "exited with 0", failed: false });
  expect(lanes[0]?.lives[0]).toMatchObject({ toMs: 17, ending: "" });
});

test("who had the lock when, who got it from whom, and the shared value", () => {
  const { arrows, locks, series } = chartOf(handOver);
  expect(locks).toEqual([
    {
      name: "a.lock",
      points: [
        [5, 1],
        [9, -1],
        [10, 2],
        [12, -1],
        [13, 1],
        [15, -1],
        [16, 2],
        [17, -1],
      ],
    },
  ]);
  expect(
    arrows
      .filter(({ kind }) => kind === "lock")
      .map(({ fromLane, fromMs, toLane, toMs }) => [fromLane, fromMs, toLane, toMs]),
  ).toEqual([
    [1, 9, 2, 10],
    [2, 12, 1, 13],
    [1, 15, 2, 16], // its holder was killed: the kernel handed it over
  ]);
  expect(arrows.filter(({ kind }) => kind === "spawn").map(({ fromLane, toLane }) => [fromLane, toLane])).toEqual([
    [0, 1],
    [0, 2],
  ]);
  expect(series).toEqual([
    {
      name: "count",
      points: [
        [8, 1],
        [11, 2],
      ],
    },
  ]);
});

test("one that waits for a second lock still says what it holds", () => {
  const { lanes } = chartOf([
    event(0, "P1", "spawn"),
    event(1, "P1", "hold", { on: "a.lock" }),
    event(2, "P1", "wait", { on: "b.lock" }),
    event(3, "P1", "exit", { code: 0, signal: null }),
  ]);
  expect(lanes[0]?.segments.at(-1)).toMatchObject({ state: "holdsWaiting", label: "b.lock, holding a.lock" });
});

test("a lease with its number, held by one that is stopped; then its write comes too late", () => {
  const { lanes } = chartOf([
    event(0, "P1", "spawn"),
    event(1, "P1", "hold", { on: "lease", fence: 7 }),
    event(2, "P1", "stopped", { signal: "SIGSTOP" }),
    event(3, "P1", "continued"),
    event(4, "P1", "rejected", { value: 1, fence: 7, newest: 8 }),
    event(5, "P1", "exit", { code: 0, signal: null }),
  ]);
  expect(lanes[0]?.segments.slice(1).map(({ state, label }) => [state, label])).toEqual([
    ["holds", "lease, number 7"],
    ["stopped", "holding lease, number 7"],
    ["holds", "lease, number 7"],
    ["rejected", expect.stringContaining("its number is 7, and 8 has been here")],
  ]);
});

test("a lane may have one process after another", () => {
  const { lanes } = chartOf([
    event(0, "P1", "spawn", { pid: 201 }),
    event(2, "P1", "ready", { pid: 201 }),
    event(3, "P1", "exit", { code: 1, signal: null, pid: 201 }),
    event(3.5, "P1", "say", { text: "its last words, too late", pid: 201 }),
    event(5, "P1", "spawn", { pid: 202 }),
    event(6, "P1", "ready", { pid: 202 }),
    event(9, "P1", "exit", { code: 0, signal: null, pid: 202 }),
  ]);
  expect(lanes[0]?.lives.map(({ pid, fromMs, toMs, failed }) => [pid, fromMs, toMs, failed])).toEqual([
    [201, 0, 3, true],
    [202, 5, 9, false],
  ]);
  expect(lanes[0]?.segments.map(({ pid, fromMs, toMs }) => [pid, fromMs, toMs])).toEqual([
    [201, 0, 2],
    [201, 2, 3],
    [202, 5, 6],
    [202, 6, 9],
  ]);
});

test("every event is a step; of very many, a fair choice", () => {
  const few = chartOf(handOver);
  expect(few.steps).toHaveLength(handOver.length);
  expect(few.steps[6]).toEqual({ ms: 6, lane: 2, text: "waits for a.lock" });
  const many = chartOf(Array.from({ length: 20_000 }, (_, i) => event(i, "P1", "write", { value: i })));
  expect(many.stepsOf).toBe(20_000);
  expect(many.steps).toHaveLength(5_000);
  expect(many.steps[2_500]?.ms).toBe(10_000);
});

test("absurd times are left out", () => {
  const { endMs, lanes } = chartOf(
    [
      event(Number.NaN, "P1", "spawn"),
      event(-5, "P1", "ready"),
      event(1, "P1", "run"),
      event(Number.POSITIVE_INFINITY, "P1", "run", { text: "never" }),
    ].filter(({ t }) => t !== Number.POSITIVE_INFINITY),
  );
  expect(endMs).toBe(1);
  expect(lanes).toHaveLength(1);
});
