import { expect, test } from "bun:test";
import fc from "fast-check";
import { accessesOf, findLostUpdate } from "../../../src/demos/analysis/lost-update.ts";
import { momentsOf, mostTelling } from "../../../src/demos/analysis/moments.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";
import { momentText } from "../../../src/show/replay/moment-words.ts";
import { anyEvents, raced } from "../../support/recordings/recordings.ts";

const record = (...happenings: readonly (readonly [lane: string, what: Happening])[]): LaneEvent[] =>
  happenings.map(([lane, what], t) => ({
    ...what,
    t,
    lane,
    pid: lane === "main" ? 1 : 100 + Number(lane[1]),
    ppid: 1,
  }));
const wait = (on: string): Happening => ({ type: "wait", on });
const hold = (on: string): Happening => ({ type: "hold", on });
const release = (on: string): Happening => ({ type: "release", on });
const kindsOf = (events: readonly LaneEvent[]) => momentsOf(events, false).map(({ step, kind }) => [step, kind]);

test("the most telling moment of a race is the lost update that its result spells out", () => {
  const orders = fc.array(fc.constantFrom("P1", "P2", "P3"), { maxLength: 60 });
  fc.assert(
    fc.property(orders, (order) => {
      const events = raced(order);
      const example = findLostUpdate(accessesOf(events));
      const moment = mostTelling(momentsOf(events, true));
      expect(moment === undefined).toBe(example === null);
      if (moment === undefined || example === null) return;
      expect(events[moment.step]?.t).toBe(example.writes[1].t);
      const because = [...example.reads, example.writes[0]].map(({ t }) => t);
      expect(moment.because.map((step) => events[step]?.t)).toEqual(because);
    }),
  );
});

test("a count that the main process sets anew is nobody's lost update", () => {
  const [read, write] = [
    (value: number) => ({ type: "read", value }) as const,
    (value: number) => ({ type: "write", value }) as const,
  ];
  const round = [
    ["P1", read(0)],
    ["P1", write(1)],
    ["P2", read(1)],
    ["P2", write(2)],
  ] as const;
  const events = record(["main", write(0)], ...round, ["main", write(0)], ...round);
  expect(momentsOf(events, true)).toEqual([]);
});

test("a lost update is told with both reads and the write that was lost", () => {
  const events = raced(["P1", "P2", "P1", "P2"]);
  const [moment] = momentsOf(events, true);
  expect(moment).toMatchObject({ step: 3, because: [0, 1, 2] });
  expect(momentText(moment!, events)).toBe(
    "lost update: P2 writes 1 over P1's 1. It had read 0 at 1.000 ms, before P1 wrote at 2.000 ms, and never saw that.",
  );
});

test("a wait, the hand-over that ends it, and no hand-over where nobody waited", () => {
  const events = record(
    ["P1", hold("a")],
    ["P2", wait("a")],
    ["P1", release("a")],
    ["P2", hold("a")],
    ["P2", release("a")],
    ["P1", hold("a")],
  );
  expect(kindsOf(events)).toEqual([
    [1, "wait"],
    [3, "handover"],
  ]);
  const moments = momentsOf(events, false);
  expect(momentText(moments[0]!, events)).toBe("P2 has to wait for a: P1 holds it");
  expect(momentText(moments[1]!, events)).toContain("a goes from P1 to P2, 1.000 ms after P1 let go");
});

test("waits for what is no lock are none; a wait that was given up leads to no hand-over", () => {
  expect(kindsOf(record(["P1", wait("barrier")], ["P1", { type: "run" }]))).toEqual([]);
  const events = record(
    ["P1", hold("a")],
    ["P2", wait("a")],
    ["P2", { type: "run" }],
    ["P1", release("a")],
    ["P2", hold("a")],
  );
  expect(kindsOf(events)).toEqual([[1, "wait"]]);
});

test("the wait that closes a circle is a deadlock; one that hangs on a circle is not", () => {
  const events = record(["P1", hold("a")], ["P2", hold("b")], ["P1", wait("b")], ["P2", wait("a")], ["P3", wait("a")]);
  expect(kindsOf(events)).toEqual([
    [2, "wait"],
    [3, "circle"],
    [4, "wait"],
  ]);
  expect(momentText(momentsOf(events, false)[1]!, events)).toContain("P2 → P1 → P2");
});

test("a lease that two have, and the write of the one that came too late", () => {
  const lease = (fence: number): Happening => ({ type: "hold", on: "lease", fence });
  const events = record(
    ["P1", lease(1)],
    ["P1", { type: "stopped", signal: "SIGSTOP" }],
    ["P2", wait("lease")],
    ["P2", lease(2)],
    ["P1", { type: "continued" }],
    ["P1", { type: "rejected", value: 1, fence: 1, newest: 2 }],
    ["P1", release("lease")],
    ["P1", wait("lease")],
    ["P2", release("lease")],
    ["P1", lease(3)],
  );
  expect(kindsOf(events)).toEqual([
    [2, "wait"],
    [3, "overlap"],
    [5, "rejected"],
    [7, "wait"],
    [9, "handover"],
  ]);
  const moments = momentsOf(events, true);
  expect(mostTelling(moments)).toMatchObject({ kind: "rejected", because: [0, 3] });
  const texts = moments.map((moment) => momentText(moment, events));
  expect(texts[1]).toContain("P1 has not let go");
  expect(texts[2]).toContain("P1 writes 1 with number 1, but P2 has come with 2");
});

test("a death in possession of a lock is clearer than another, and frees the lock", () => {
  const exit = { type: "exit", code: null, signal: "SIGKILL" } as const;
  const events = record(
    ["P3", exit],
    ["P1", hold("a")],
    ["P2", wait("a")],
    ["P1", exit],
    ["P2", hold("a")],
    ["P2", { type: "exit", code: 0, signal: null }],
  );
  expect(kindsOf(events)).toEqual([
    [0, "death"],
    [2, "wait"],
    [3, "death"],
    [4, "handover"],
  ]);
  const death = mostTelling(momentsOf(events, false))!;
  expect(momentText(death, events)).toBe("P1 was killed by SIGKILL, holding a");
});

test("a write by who has read nothing is no lost update", () => {
  const write = { type: "write", value: 0 } as const;
  expect(momentsOf(record(["P3", write], ["P1", write]), true)).toEqual([]);
});

test("of any events at all: steps in order, each at most once, every reason before its moment, all of it sayable", () => {
  fc.assert(
    fc.property(anyEvents, fc.boolean(), (events, sharing) => {
      const moments = momentsOf(events, sharing);
      const steps = moments.map(({ step }) => step);
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
      for (const moment of moments) {
        expect(moment.because.every((step) => step >= 0 && step < moment.step)).toBe(true);
        expect(momentText(moment, events)).not.toMatch(/undefined|NaN|\{[a-zA-Z]+\}/);
      }
    }),
  );
});
