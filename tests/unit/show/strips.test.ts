import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";
import { Histories } from "../../../src/recording/history.ts";
import { axis, instants, statesAt, strip } from "../../../src/show/strips.ts";
import { glyphsOf } from "../../../src/terminal/style.ts";

const at = (t: number, lane: string, happening: Happening): LaneEvent => ({
  t,
  lane,
  pid: 100 + Number(lane.slice(1) || 0),
  ppid: 100,
  ...happening,
});

/** Processes that hold one lock in turns, each for a while, everybody else waiting. */
const turns = fc.array(
  fc.record({
    lane: fc.integer({ min: 1, max: 5 }),
    holdMs: fc.double({ min: 0.01, max: 9, noNaN: true }),
    gapMs: fc.double({ min: 0, max: 2, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
);

function recorded(all: readonly { lane: number; holdMs: number; gapMs: number }[]): LaneEvent[] {
  const events = [1, 2, 3, 4, 5].flatMap((n) => [
    at(0, `P${n}`, { type: "spawn" }),
    at(0, `P${n}`, { type: "wait", on: "l" }),
  ]);
  let t = 0;
  for (const { lane, holdMs, gapMs } of all) {
    t += gapMs;
    events.push(at(t, `P${lane}`, { type: "hold", on: "l" }));
    t += holdMs;
    events.push(at(t, `P${lane}`, { type: "release", on: "l" }));
  }
  events.push(at(t + 1, "P1", { type: "exit", code: 0, signal: null }));
  return events;
}

test("where one process at a time held the lock, no column shows two holders", () => {
  fc.assert(
    fc.property(turns, fc.integer({ min: 5, max: 80 }), (all, columns) => {
      const events = recorded(all);
      const histories = Histories.of(events, true);
      const endMs = events.at(-1)?.t ?? 0;
      const window = { fromMs: 0, toMs: endMs, nowMs: endMs, columns };
      const times = instants(histories, window);
      const rows = histories.lanes.map((lane) => statesAt(lane, times, window));
      for (let column = 0; column < columns; column++) {
        expect(rows.filter((row) => row[column] === "holds").length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("two who hold at once are shown in the same column", () => {
  const histories = Histories.of(
    [
      at(0, "P1", { type: "hold", on: "l" }),
      at(5, "P2", { type: "hold", on: "l" }),
      at(10, "P1", { type: "release", on: "l" }),
    ],
    true,
  );
  const window = { fromMs: 0, toMs: 10, nowMs: 10, columns: 10 };
  const times = instants(histories, window);
  const rows = histories.lanes.map((lane) => statesAt(lane, times, window));
  expect(rows.every((row) => row[7] === "holds")).toBe(true);
});

test("a hold much shorter than a column is seen", () => {
  const histories = Histories.of(
    [
      at(0, "P1", { type: "run" }),
      at(51.3, "P1", { type: "hold", on: "l" }),
      at(51.4, "P1", { type: "release", on: "l" }),
      at(100, "P1", { type: "exit", code: 0, signal: null }),
    ],
    true,
  );
  const window = { fromMs: 0, toMs: 100, nowMs: 100, columns: 10 };
  const states = statesAt(histories.lanes[0]!, instants(histories, window), window);
  expect(strip(states, glyphsOf({ ascii: true }), { color: false })).toBe("-----#---x");
});

test("a lane is blank before it begins, after it ended, and in the future", () => {
  const histories = Histories.of(
    [
      at(20, "P1", { type: "spawn" }),
      at(40, "P1", { type: "ready" }),
      at(60, "P1", { type: "exit", code: null, signal: "SIGKILL" }),
      at(0, "P2", { type: "run" }),
    ],
    true,
  );
  const window = { fromMs: 0, toMs: 100, nowMs: 80, columns: 10 };
  const times = instants(histories, window);
  const drawn = histories.lanes.map((lane) =>
    strip(statesAt(lane, times, window), glyphsOf({ ascii: true }), { color: false }),
  );
  expect(drawn).toEqual(["  ::--X   ", "--------- "]);
});

test("a process stands between read and write even while it waits, and no longer after it wrote", () => {
  const histories = new Histories(true);
  histories.add(at(1, "P1", { type: "read", value: 5 }));
  histories.add(at(2, "P1", { type: "wait", on: "barrier" }));
  const lane = histories.lane("P1")!;
  expect(lane.state).toBe("reads");
  expect(lane.now.activity).toEqual({ state: "reads", waitsFor: { kind: "wait", on: "barrier" } });
  histories.add(at(3, "P1", { type: "write", value: 6 }));
  expect(lane.state).toBe("runs");
  expect(lane.now.activity).toEqual({ state: "runs" });
  expect(histories.lastWrite?.value).toBe(6);
});

test("a lock is free again when its holder released it or died", () => {
  const histories = new Histories(true);
  histories.add(at(1, "P1", { type: "hold", on: "l" }));
  expect(histories.locks.get("l")).toBe("P1");
  histories.add(at(2, "P1", { type: "exit", code: null, signal: "SIGKILL" }));
  expect(histories.locks.get("l")).toBe("");
});

test("the axis has its labels where their time is, and nothing beyond the last column", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 100_000, noNaN: true }),
      fc.integer({ min: 8, max: 100 }),
      (spanMs, columns) => {
        const line = axis(spanMs, columns);
        expect(line.length).toBe(columns);
        const unit = line.startsWith("0s") ? 1000 : 1;
        for (const match of line.matchAll(/(?<= )[\d.]+/g)) {
          expect(Math.abs(match.index - ((Number(match[0]) * unit) / spanMs) * columns)).toBeLessThanOrEqual(0.51);
        }
      },
    ),
  );
});
