/** What demo `event` concludes from its record, and that each of its checks can fail. */
import { expect, test } from "bun:test";
import { answerOf, eventChecks, eventRecord, eventResult, onText } from "../../../src/demos/event/report.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";

/** `P1 set`, `P2 wait`, `P2 on`, one a line, 10 ms apart. */
const recordOf = (lines: readonly string[]) =>
  eventRecord(
    lines.map((line, i): LaneEvent => {
      const [lane = "", what = ""] = line.split(" ");
      const happenings: Record<string, Happening> = {
        set: { type: "write", value: 1 },
        clear: { type: "write", value: 0 },
        wait: { type: "wait", on: "go" },
        on: { type: "run", text: onText },
      };
      return { ...(happenings[what] as Happening), t: i * 10, lane, pid: 1, ppid: 0 };
    }),
    "go",
  );

const right = ["P2 wait", "P3 wait", "P1 set", "P2 on", "P3 on", "P4 on", "P1 clear"];
const failed = (lines: readonly string[], rounds = 1) =>
  eventChecks(recordOf(lines), { procs: 4, rounds })
    .filter(({ ok }) => !ok)
    .map(({ label }) => label.replace("demo.event.check.", ""));

test("how long each took to go on, from the signal", () => {
  expect(eventResult(recordOf([...right, "P2 wait", "P1 set", "P2 on", "P3 on"]))).toEqual({
    signals: 2,
    woken: 3,
    passedAtOnce: 2,
    wakeMs: { median: 10, least: 10, most: 20 },
    perLane: { P2: 10, P3: 20 },
  });
});

test("each check fails on a record that breaks its promise", () => {
  expect(failed(right)).toEqual([]);
  expect(failed(right.filter((line) => line !== "P3 on"))).toEqual(["all"]);
  expect(failed(right, 2)).toEqual(["all"]);
  expect(failed(["P2 wait", "P2 on", "P3 wait", "P1 set", "P3 on", "P4 on", "P1 clear"])).toEqual([
    "all",
    "nobodyEarly",
  ]);
  expect(failed([...right, "P2 wait", "P2 on"])).toEqual(["nobodyEarly"]);
  // The one that came last had to wait although it was set.
  expect(failed(["P2 wait", "P3 wait", "P1 set", "P2 on", "P3 on", "P4 wait", "P4 on", "P1 clear"])).toEqual(["late"]);
});

test("the answer: all, or not; none if only one waits", () => {
  expect(answerOf(recordOf(right), 4).answer).toBe("all");
  expect(answerOf(recordOf(right.filter((line) => line !== "P3 on")), 4).answer).toBe("one");
  expect(answerOf(recordOf(right), 3).answer).toBeUndefined();
});
