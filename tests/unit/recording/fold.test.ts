import { expect, test } from "bun:test";
import type { LaneEvent } from "../../../src/recording/event.ts";
import { Fold } from "../../../src/recording/fold.ts";

const event = (type: string, fields: object = {}) =>
  ({ t: 1, lane: "P1", pid: 7, ppid: 1, type, ...fields }) as unknown as LaneEvent;

test("who holds a lock and waits for another is told from who only holds, and from who only waits", () => {
  const fold = new Fold(true);
  const state = (type: string, fields?: object) => fold.add(event(type, fields)).lane.activity?.state;
  expect(state("spawn")).toBe("starts");
  expect(state("wait", { on: "a" })).toBe("waits");
  expect(state("hold", { on: "a" })).toBe("holds");
  expect(state("read", { value: 1 })).toBe("holds");
  expect(state("wait", { on: "b" })).toBe("holdsWaiting");
  expect(state("hold", { on: "b" })).toBe("holds");
  expect(state("release", { on: "b" })).toBe("holds");
  expect(state("join", { on: "P2" })).toBe("holdsWaiting");
  expect(state("release", { on: "a" })).toBe("reads");
  expect(state("wait", { on: "c" })).toBe("reads"); // outside a lock: another's write gets lost there
});

test("a lease has a number, and may have two that believe they hold it; who is stopped lets nothing go", () => {
  const fold = new Fold(true);
  const add = (lane: string, type: string, fields?: object) => fold.add(event(type, { lane, ...fields }));
  expect(add("P1", "hold", { on: "lease", fence: 1 })).toMatchObject({ takenFrom: undefined, lane: { fence: 1 } });
  expect(add("P1", "read", { value: 0 }).lane.activity?.state).toBe("holds");
  expect(add("P1", "stopped", { signal: "SIGSTOP" }).lane).toMatchObject({ activity: { state: "stopped" }, fence: 1 });
  expect(add("P2", "hold", { on: "lease", fence: 2 })).toMatchObject({ takenFrom: "P1", lane: { fence: 2 } });
  expect(add("P1", "continued").lane.activity?.state).toBe("holds");
  expect(add("P1", "rejected", { value: 1, fence: 1, newest: 2 }).lane.activity?.state).toBe("rejected");
  const late = add("P1", "release", { on: "lease" }); // what it lets go is not its own any more
  expect([late.freed, late.lane.activity?.state, late.lane.fence]).toEqual([[], "runs", undefined]);
  expect(fold.locks.get("lease")).toBe("P2");
  // A semaphore has as many as it lets in: nobody takes anything from anybody there.
  add("P2", "hold", { on: "seats" });
  expect(add("P1", "hold", { on: "seats" }).takenFrom).toBeUndefined();
});
