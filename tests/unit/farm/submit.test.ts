/** What a submitter makes of what it hears: lanes, events in order, questions that are given up in time. */
import { expect, test } from "bun:test";
import { Contact } from "../../../src/farm/contact.ts";
import { LateError } from "../../../src/farm/failures.ts";
import { FarmEvents } from "../../../src/farm/submit/events.ts";
import { FarmLanes } from "../../../src/farm/submit/lanes.ts";
import { Patience } from "../../../src/farm/submit/patience.ts";
import type { JobResult } from "../../../src/jobs/result.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";

test("a lane is a machine's slot, by a name that fits", () => {
  const lanes = new FarmLanes();
  const long = "node-with-a-very-long-name";
  const names = [
    ["db1", 2],
    ["db1", 1],
    ["db1", 2],
    ["db2.cluster.example.org", 1],
    [`${long}-1`, 1],
    [`${long}-2`, 1],
    ["", 1],
  ] as const;
  expect(names.map(([host, slot]) => lanes.of(host, slot))).toEqual([
    "db1:2",
    "db1:1",
    "db1:2",
    "db2:1",
    "node-with-a-~:1",
    "node-with-a-~2:1",
    "?~:1",
  ]);
  expect(lanes.size).toBe(6);
});

test("events come in the order of time, one job after the other on a lane, however late they were heard of", () => {
  const heard: LaneEvent<"run">[] = [];
  const events = new FarmEvents((event) => heard.push(event));
  const ended = (lane: string, seq: number, t: number, ms: number) => {
    const result = { job: { seq, values: [], attempt: 1 }, command: "x", code: 0, signal: null, timedOut: false, ms };
    events.ended({ lane, pid: seq, ppid: 1 }, t, result as unknown as JobResult);
  };
  const shown = () =>
    heard.splice(0).map(({ t, type, lane, ...rest }) => `${t} ${type} ${lane} ${"seq" in rest ? rest.seq : ""}`);
  ended("b:1", 2, 300, 100);
  ended("a:1", 1, 250, 200);
  events.runs({ lane: "b:1", pid: 4, ppid: 1 }, 290, { seq: 4, attempt: 1, command: "x" }); // by the clocks it overlaps
  events.pass(2_200);
  expect(shown()).toEqual(["50 spawn a:1 1", "200 spawn b:1 2"]);
  events.runs({ lane: "b:1", pid: 4, ppid: 1 }, 295, { seq: 4, attempt: 1, command: "x" });
  ended("b:1", 4, 900, 610);
  events.tell(1_000, { type: "stop", reason: "halt" });
  events.pass(Number.POSITIVE_INFINITY);
  expect(shown()).toEqual(["250 exit a:1 1", "290 exit b:1 2", "290 spawn b:1 4", "900 exit b:1 4", "1000 stop main "]);
});

test("who asks is answered when the database is back; after a signal nobody waits for an answer that does not come", async () => {
  const patience = new Patience(new Contact({ lost: () => {}, back: () => {} }));
  let away = 2;
  const ask = async () => {
    if (away-- > 0) throw new LateError(1);
    return "there";
  };
  expect(await patience.again(ask)).toBe("there");
  const refused = Object.assign(new Error("no"), { errno: "42501" });
  expect(await patience.again(() => Promise.reject(refused)).catch((error) => error)).toBe(refused);
  const never = patience.again(() => new Promise(() => {}));
  patience.endWithin(600_000);
  patience.endWithin(1);
  expect(await never.catch((error) => error)).toBeInstanceOf(LateError);
  expect(await patience.again(() => new Promise(() => {})).catch((error) => error)).toBeInstanceOf(LateError);
});

test("an answer is kept by nobody but who asked for it", async () => {
  const patience = new Patience(new Contact({ lost: () => {}, back: () => {} }));
  const answers: WeakRef<object>[] = [];
  for (let i = 0; i < 100; i += 1) answers.push(new WeakRef(await patience.again(async () => ({ i }))));
  await Bun.sleep(0);
  Bun.gc(true);
  // Some may still stand in a register, or on the stack.
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(50);
  expect(patience).toBeDefined();
});
