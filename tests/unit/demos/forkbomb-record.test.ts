/** What `forkbomb` reads from its record; each of its checks fails on a record that is not as it should be. */
import { describe, expect, test } from "bun:test";
import { bombRecord, hasGrown, wasRefused } from "../../../src/demos/forkbomb/record.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";

const pidOf = (lane: string) => Number(lane.replaceAll(/[P.]/g, ""));
const event = (lane: string, happening: Happening): LaneEvent => {
  const ppid = lane.includes(".") ? pidOf(lane.slice(0, lane.lastIndexOf("."))) : 99;
  return { ...happening, t: 0, lane, pid: pidOf(lane), ppid };
};
const started = (...lanes: string[]) =>
  lanes.flatMap((lane) => [event(lane, { type: "spawn", name: lane }), event(lane, { type: "ready" })]);
const refused = (lane: string, depth = 2, limit = 2, by: "depth" | "system" = "depth") =>
  event(lane, { type: "refused", by, depth, limit, text: "no" });

const full = [...started("P1", "P1.1", "P1.2"), refused("P1.1"), refused("P1.2")];

test("a full tree: sizes, generations, who started how many", () => {
  const record = bombRecord([event("main", { type: "run" }), ...full], 2);
  expect(record.sizes).toEqual([1, 2]);
  expect(record.members).toEqual([
    { lane: "P1", pid: 1, ppid: 99, generation: 1, started: 2 },
    { lane: "P1.1", pid: 11, ppid: 1, generation: 2, started: 0 },
    { lane: "P1.2", pid: 12, ppid: 1, generation: 2, started: 0 },
  ]);
  expect([record.settled, hasGrown(record, 2), wasRefused(record)]).toEqual([true, true, true]);
});

describe("it has not come to rest", () => {
  test.each([
    ["nothing has begun", []],
    ["one was created and has not run its first line", [...full, event("P1.1.1", { type: "spawn" })]],
    ["one may still start something", full.slice(0, -1)],
  ])("%s", (_, events) => expect(bombRecord(events, 2).settled).toBe(false));
});

test("one that has ended leaves the rest nothing to wait for", () => {
  const killed = event("P1.1", { type: "exit", code: null, signal: "SIGKILL" });
  expect(bombRecord(full, 2).broken).toBe(false);
  expect(bombRecord([...started("P1", "P1.1"), killed], 2)).toMatchObject({ settled: false, broken: true });
});

describe("it has not grown as it should", () => {
  test.each([
    ["nothing at all", []],
    ["one child is missing", [...started("P1", "P1.1"), refused("P1.1")]],
    ["one has a child too many", [...full, ...started("P1.3")]],
    ["a second generation that is not whole", [...full, ...started("P1.1.1")]],
  ])("%s", (_, events) => expect(hasGrown(bombRecord(events, 2), 2)).toBe(false));
});

describe("not refused as it should be", () => {
  test.each([
    ["nobody was", started("P1", "P1.1", "P1.2")],
    ["one of the last was not", full.slice(0, -1)],
    ["one that is not the last was, too", [...full, refused("P1")]],
    ["one was twice", [...full, refused("P1.2")]],
    ["not at the limit", [...full.slice(0, -1), refused("P1.2", 1)]],
    ["by the system", [...full.slice(0, -1), refused("P1.2", 2, 2, "system")]],
  ])("%s", (_, events) => expect(wasRefused(bombRecord(events, 2))).toBe(false));
});
