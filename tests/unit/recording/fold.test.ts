import { expect, test } from "bun:test";
import type { LaneEvent } from "../../../src/recording/event.ts";
import { Fold } from "../../../src/recording/fold.ts";

const event = (type: string, fields: object = {}) =>
  ({ t: 1, lane: "P1", pid: 7, ppid: 1, type, ...fields }) as unknown as LaneEvent;

test("who holds a lock and waits for another is told from who only holds, and from who only waits", () => {
  const fold = new Fold(true);
  const state = (type: string, fields?: object) => fold.add(event(type, fields)).lane.state;
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
