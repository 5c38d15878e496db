import { expect, test } from "bun:test";
import { partOf } from "../../../src/demos/fence/record.ts";
import { answerOf } from "../../../src/demos/fence/report.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";

/** Events a ms apart, from 10 ms on. */
const events = (...happenings: readonly (readonly [lane: string, what: Happening])[]): LaneEvent[] =>
  happenings.map(([lane, what], i) => ({ ...what, t: 10 + i, lane, pid: 1, ppid: 0 }));
const hold = (fence: number): Happening => ({ type: "hold", on: "lease", fence });
const release: Happening = { type: "release", on: "lease" };
const read = (value: number): Happening => ({ type: "read", value });
const write = (value: number): Happening => ({ type: "write", value });
const stopped: Happening = { type: "stopped", signal: "SIGSTOP" };
const continued: Happening = { type: "continued" };
const span = { fromMs: 10, toMs: 100 };

test("a late write that was taken: one of two additions is lost, and spelled out", () => {
  const part = partOf(
    events(
      ["P1", hold(1)], // 10
      ["P1", read(0)],
      ["P1", stopped], // 12
      ["P2", hold(2)], // 13
      ["P2", read(0)],
      ["P2", write(1)],
      ["P1", continued], // 16
      ["P1", write(1)],
      ["P1", release], // 18
      ["P2", release],
    ),
    span,
    "P1",
  );
  expect(part).toMatchObject({ numbers: [1, 2], late: "written", maxHolders: 2, bothMs: 5, stoppedMs: 4, nextMs: 1 });
  expect(part.example?.writes.map(({ lane }) => lane)).toEqual(["P2", "P1"]);
  expect(answerOf({ ...part, actual: 1, lost: 1 })).toBe("overwrites");
  expect(answerOf({ ...part, actual: 2, lost: 0 })).toBe("adds");
});

test("a late write that was refused: nothing is lost by what comes again; what lies outside the part is left out", () => {
  const all = events(
    ["P1", hold(1)],
    ["P1", read(0)],
    ["P1", stopped],
    ["P2", hold(2)],
    ["P2", read(0)],
    ["P2", write(1)],
    ["P1", continued],
    ["P1", { type: "rejected", value: 1, fence: 1, newest: 2 }],
    ["P1", release], // 18
    ["P2", release],
    ["P1", hold(3)], // 20
    ["P1", read(1)],
    ["P1", write(2)],
    ["P1", release],
  );
  const part = partOf(all, span, "P1");
  expect(part).toMatchObject({ numbers: [1, 2, 3], late: "rejected", maxHolders: 2, bothMs: 5, example: null });
  expect(answerOf({ ...part, actual: 2, lost: 0 })).toBe("notices");
  expect(partOf(all, { fromMs: 20, toMs: 23 }, "P1")).toMatchObject({ numbers: [3], maxHolders: 1, bothMs: 0 });
});

test("who let go in time is not together with the next one", () => {
  const part = partOf(events(["P1", hold(1)], ["P1", release], ["P2", hold(2)], ["P2", release]), span, "P1");
  expect(part).toMatchObject({ late: null, maxHolders: 1, bothMs: 0 });
  expect(answerOf({ ...part, actual: 2, lost: 0 })).toBe("notices");
});
