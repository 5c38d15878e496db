import { expect, test } from "bun:test";
import { loadDemo } from "../../../src/demos/catalog.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";
import { Histories } from "../../../src/recording/history.ts";
import { Rate } from "../../../src/show/jobs/map-progress.ts";
import { lanesFrame } from "../../../src/show/lanes-frame.ts";
import { Moments } from "../../../src/show/replay/replay.ts";
import { Steps } from "../../../src/show/replay/steps.ts";
import { stateText } from "../../../src/show/replay/words.ts";
import { paramsOf } from "../../support/recordings/played.ts";

test("a state that has no room is cut with an ellipsis", async () => {
  const live = { demo: await loadDemo("mutex"), params: await paramsOf("mutex") };
  const events: LaneEvent[] = [
    { t: 0, lane: "P1", pid: 101, ppid: 100, type: "spawn" },
    { t: 1, lane: "P1", pid: 101, ppid: 100, type: "wait", on: "data.json.lock" },
  ];
  const style = { columns: 80, ascii: false, color: false };
  const lines = lanesFrame(live, Histories.of(events, true), 10, style, 24);
  expect(lines.find((line) => line.includes("P1"))).toContain("waits data.js… ");
});

test("which part of the demo is on stands beside the count that begins anew in it", async () => {
  const live = { demo: await loadDemo("mutex"), params: await paramsOf("mutex") };
  const main = { lane: "main", pid: 100, ppid: 1 };
  const events: LaneEvent[] = [
    { ...main, t: 0, type: "run", text: "lock on 2/3" },
    { ...main, t: 1, type: "write", value: 0 },
    { ...main, t: 2, type: "run" },
  ];
  const lines = lanesFrame(live, Histories.of(events, true), 10, { columns: 80, ascii: false, color: false }, 24);
  expect(lines[1]).toEndWith("lock on 2/3 · data.json count 0/200");
});

test("who was started by a lane stands below it, further in", async () => {
  const live = { demo: await loadDemo("identity"), params: await paramsOf("identity") };
  const events = ["main", "P1", "P1.1"].map((lane, t): LaneEvent => ({ t, lane, pid: 100 + t, ppid: 99, type: "run" }));
  const lines = lanesFrame(live, Histories.of(events, false), 10, { columns: 80, ascii: false, color: false }, 24);
  expect(lines.map((line) => /^.{2}( *)P[\d.]+ /.exec(line)?.[1]?.length).filter((at) => at !== undefined)).toEqual([
    0, 2,
  ]);
});

test("who holds which lock: in order, and all that there is room for", async () => {
  const live = { demo: await loadDemo("semaphore"), params: await paramsOf("semaphore") };
  const held = (slots: readonly number[]) =>
    slots.flatMap((slot): LaneEvent[] => [
      { t: 0, lane: `P${slot}`, pid: 1000 + slot, ppid: 100, type: "spawn" },
      { t: 1, lane: `P${slot}`, pid: 1000 + slot, ppid: 100, type: "hold", on: `desk.lock.${slot}` },
    ]);
  const style = { columns: 80, ascii: false, color: false };
  const lineOf = (slots: readonly number[]) =>
    lanesFrame(live, Histories.of(held(slots), true), 10, style, 40).find((line) => line.includes("desk.lock."));

  expect(lineOf([2, 1])).toEndWith("   desk.lock.1: pid 1001, P1   desk.lock.2: pid 1002, P2");
  expect(lineOf([10, 9, 3])).toEndWith("desk.lock.3: P3   desk.lock.9: P9   desk.lock.10: P10");
  expect(lineOf([1, 2, 3, 4, 5, 6])).toEndWith("…");
});

test("live and in a replay a lane does the same: who waits waits, whatever it has read; who is idle does not run", async () => {
  const live = { demo: await loadDemo("mutex"), params: await paramsOf("mutex") };
  const process = { lane: "P1", pid: 101, ppid: 100 };
  const events = (...rest: LaneEvent[]): LaneEvent[] => [{ ...process, t: 0, type: "spawn" }, ...rest];
  const style = { columns: 100, ascii: false, color: false };
  const both = (recorded: readonly LaneEvent[]) => {
    const frame = lanesFrame(live, Histories.of(recorded, true), 10, style, 24);
    const steps = new Steps(recorded, true);
    const replay = { name: "mutex", params: "", shared: undefined, code: undefined, steps, moments: new Moments([]) };
    const step = recorded.length - 1;
    return [frame.find((line) => line.includes("P1")), stateText(replay, steps.lane("P1", step), step)];
  };
  const waiting = both(
    events({ ...process, t: 1, type: "read", value: 17 }, { ...process, t: 2, type: "wait", on: "P2" }),
  );
  for (const text of waiting) expect(text).toContain("waits P2");
  const idle = both(events({ ...process, t: 1, type: "idle" }));
  for (const text of idle) expect(text).toMatch(/\bwaits(?! \S*P)/);
  expect(idle.join()).not.toContain("runs");
  const same: [string, ...LaneEvent[]][] = [
    ["killed KILL", { ...process, t: 1, type: "exit", code: null, signal: "SIGKILL" }],
    ["exited 3", { ...process, t: 1, type: "exit", code: 3, signal: null }],
    [
      "REFUSED",
      { ...process, t: 1, type: "refused", by: "total", limit: 4, depth: 1, text: "" },
      { ...process, t: 2, type: "say", text: "x" },
    ],
    ["HOLDS no. 7", { ...process, t: 1, type: "hold", on: "lease", fence: 7 }],
    ["STOPPED", { ...process, t: 1, type: "stopped", signal: "SIGSTOP" }],
    ["ZOMBIE", { ...process, t: 1, type: "zombie" }],
  ];
  for (const [words, ...rest] of same) for (const text of both(events(...rest))) expect(text).toContain(words);
});

test("a rate is by the time that has passed, however late it is asked for", () => {
  const rate = new Rate();
  expect(rate.after(100, 200)).toBe(500);
  expect(rate.after(600, 1_200)).toBe(500); // a second later, where a fifth of one was meant
  expect(rate.after(600, 1_200)).toBe(500);
});
