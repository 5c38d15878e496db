/** What demo `semaphore` concludes from its record, and that each of its checks can fail. */
import { expect, test } from "bun:test";
import { answerOf, semaphoreChecks, semaphoreRecord, semaphoreResult } from "../../../src/demos/semaphore/report.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";

/** `P1 hold a.1`, one a line, 10 ms apart. */
const eventsOf = (lines: readonly string[]) =>
  lines.map((line, i): LaneEvent => {
    const [lane = "", type = "", on = ""] = line.split(" ");
    return { ...({ type, on } as Happening), t: i * 10, lane, pid: 1, ppid: 0 };
  });
const recordOf = (...lines: readonly string[]) => semaphoreRecord(eventsOf(lines), "a", 2);

const right = [
  "P1 hold a.1", // 0
  "P2 hold a.2",
  "P3 wait a",
  "P1 release a.1", // 30
  "P3 hold a.1",
  "P2 release a.2",
  "P3 release a.1", // 60
];
const numbers = { procs: 3, slots: 2, rounds: 1 };
const failed = (lines: readonly string[], more = {}) =>
  semaphoreChecks(recordOf(...lines), { ...numbers, ...more })
    .filter(({ ok }) => !ok)
    .map(({ label }) => label.replace("demo.semaphore.check.", ""));

test("who was in, how many at once, and who waited", () => {
  expect(semaphoreResult(recordOf(...right))).toEqual({
    maxHolders: 2,
    meanHolders: 1.5,
    spanMs: 60,
    heldMs: 90,
    perSlot: [2, 1],
    longestWaitMs: 20,
  });
});

test("each check fails on a record that breaks its promise", () => {
  expect(failed(right)).toEqual([]);
  // A third one in, with a slot that another has; and with one the semaphore does not have.
  expect(failed(right.map((line) => (line === "P1 release a.1" ? "P1 run" : line)))).toEqual(["most", "oneEach"]);
  expect(failed(["P1 hold a.1", "P2 hold a.1", "P1 release a.1", "P2 release a.1"], { procs: 2 })).toEqual(["oneEach"]);
  expect(failed(right, { slots: 1 })).toEqual(["most"]);
  expect(failed(right.slice(0, 4))).toEqual(["all"]);
  expect(failed(right, { rounds: 2 })).toEqual(["all"]);
});

test("the answer is the choice that comes nearest; none where two are the same", () => {
  const answer = (meanHolders: number, procs: number, slots: number) =>
    answerOf({ ...semaphoreResult(recordOf(...right)), meanHolders }, { procs, slots }).answer;
  expect([1.1, 1.9, 5].map((mean) => answer(mean, 6, 2))).toEqual(["one", "slots", "all"]);
  expect(answer(1, 6, 1)).toBeUndefined();
  expect(answer(2, 2, 2)).toBeUndefined();
});
