import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";
import { Histories } from "../../../src/recording/history.ts";
import { LiveHistories } from "../../../src/recording/live-histories.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { Reorder } from "../../../src/recording/reorder.ts";

interface Arrival {
  readonly event: LaneEvent;
  readonly atMs: number;
}

/** Never none: what happens in two processes at the same moment is in no order, and a hand-over takes its time. */
const someMs = fc.double({ min: 0.001, max: 9, noNaN: true });

/** Processes that hold one lock in turns; each one's events arrive in its order, up to `mostMs` after they happened. */
const recorded = (mostMs: number) =>
  fc
    .record({
      turns: fc.array(
        fc.record({
          lane: fc.integer({ min: 1, max: 4 }),
          gapMs: someMs,
          holdMs: someMs,
        }),
        { minLength: 1, maxLength: 40 },
      ),
      delays: fc.array(fc.double({ min: 0, max: mostMs, noNaN: true }), { minLength: 1, maxLength: 200 }),
    })
    .map(({ turns, delays }) => {
      const happened: LaneEvent[] = [];
      const at = (t: number, lane: number, happening: Happening) =>
        happened.push({ t, lane: `P${lane}`, pid: 100 + lane, ppid: 100, ...happening });
      let t = 0;
      for (const { lane, gapMs, holdMs } of turns) {
        t += gapMs;
        if (!happened.some((event) => event.lane === `P${lane}`)) at(t, lane, { type: "spawn" });
        at(t, lane, { type: "wait", on: "l" });
        at(t, lane, { type: "hold", on: "l" });
        t += holdMs;
        at(t, lane, { type: "write", value: t });
        at(t, lane, { type: "release", on: "l" });
      }
      const heard = new Map<string, number>();
      return happened
        .map((event, i): Arrival => {
          const atMs = Math.max(heard.get(event.lane) ?? 0, event.t + (delays[i % delays.length] ?? 0));
          heard.set(event.lane, atMs);
          return { event, atMs };
        })
        .toSorted((a, b) => a.atMs - b.atMs);
    });

/** Plays arrivals to the listener of a recording that asks for what is known every `frameMs`. */
function watched(
  arrivals: readonly Arrival[],
  frameMs: number,
  onFrame: (live: LiveHistories, recording: Recording) => void,
) {
  const recording = new Recording();
  const live = new LiveHistories(recording, true);
  let frameAtMs = 0;
  for (const { event, atMs } of arrivals) {
    for (; frameAtMs <= atMs; frameAtMs += frameMs) {
      live.advance(frameAtMs);
      onFrame(live, recording);
    }
    recording.sink(event);
    live.add(event, atMs);
  }
  return { recording, live };
}

const contentOf = (histories: Histories) => ({
  lanes: histories.lanes.map((lane) => [
    lane.lane,
    lane.state,
    lane.now.writes,
    lane.now.activity,
    [...lane.stretches(0, Number.POSITIVE_INFINITY, 0)],
  ]),
  locks: [...histories.locks],
  lastWrite: histories.lastWrite,
});

test("however events arrive, every frame is what folding the sorted recording gives, and so is the last one", () => {
  fc.assert(
    fc.property(recorded(2000), fc.integer({ min: 1, max: 120 }), (arrivals, frameMs) => {
      const { recording, live } = watched(arrivals, frameMs, (live, recording) => {
        const known = recording.events().filter(({ t }) => t <= live.untilMs);
        expect(contentOf(live.histories)).toEqual(contentOf(Histories.of(known, true)));
      });
      live.finish(1e6);
      expect(contentOf(live.histories)).toEqual(contentOf(Histories.of(recording.events(), true)));
    }),
  );
});

test("no frame shows two holders where one at a time held the lock and its batches took as long as they usually do", () => {
  fc.assert(
    fc.property(recorded(40), fc.integer({ min: 1, max: 120 }), (arrivals, frameMs) => {
      watched(arrivals, frameMs, ({ histories }) => {
        const holders = histories.lanes.filter(({ state }) => state === "holds").map(({ lane }) => lane);
        expect(holders).toEqual([...histories.locks.values()].filter((lane) => lane !== ""));
      });
    }),
  );
});

test("events are handed on in the order in which they happened, and each once", () => {
  fc.assert(
    fc.property(recorded(40), fc.integer({ min: 1, max: 50 }), (arrivals, everyMs) => {
      const reorder = new Reorder();
      const told: LaneEvent[] = [];
      let nextMs = 0;
      for (const { event, atMs } of arrivals) {
        for (; nextMs <= atMs; nextMs += everyMs) told.push(...reorder.take(nextMs).events);
        reorder.push(event, atMs);
      }
      told.push(...reorder.take(Number.POSITIVE_INFINITY).events);
      expect(told).toEqual(arrivals.map(({ event }) => event).toSorted((a, b) => a.t - b.t));
    }),
  );
});
