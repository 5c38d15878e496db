/** When a frame is drawn: the promises of pace.ts, by a clock that goes as it is told to. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { Pace } from "../../../src/terminal/pace.ts";
import { FakeClock } from "../../support/fake-terminal.ts";

/** A pace whose frames take so long, and when they began. */
function drawing(tookMs: () => number) {
  const clock = new FakeClock();
  const frames: number[] = [];
  const pace = new Pace(() => {
    frames.push(clock.nowMs());
    clock.block(tookMs());
  }, clock);
  return { clock, frames, pace };
}

test("a frame every 100 ms, from one beginning to the next; none after the end", () => {
  const { clock, frames, pace } = drawing(() => 4);
  pace.start();
  clock.pass(350);
  expect(frames).toEqual([0, 100, 200, 300]);
  pace.stop();
  clock.pass(1_000);
  expect(frames).toHaveLength(4);
});

test("a frame that took long is followed by nine times as long without one", () => {
  const { clock, frames, pace } = drawing(() => 200);
  pace.start();
  clock.pass(5_000);
  expect(frames).toEqual([0, 2_000, 4_000]);
});

test("a terminal that was slow for once is soon drawn on as often as before", () => {
  let tookMs = 50;
  const { clock, frames, pace } = drawing(() => tookMs);
  pace.start();
  tookMs = 1;
  clock.pass(849);
  expect(frames).toEqual([0, 500, 600, 700, 800]);
});

test("what is over before the patience is shows nothing, whatever there was to answer", () => {
  const { clock, frames, pace } = drawing(() => 1);
  pace.start(300);
  clock.pass(100);
  pace.soon();
  clock.pass(199);
  expect(frames).toEqual([]);
  clock.pass(1);
  expect(frames).toEqual([300]);
});

test("what is to be answered is drawn at once, or when the last frame's rest is over, and then once", () => {
  const { clock, frames, pace } = drawing(() => 3);
  pace.start();
  clock.pass(50);
  pace.soon();
  expect(frames).toEqual([0, 53]);
  for (let n = 0; n < 20; n++) pace.soon();
  clock.pass(27);
  expect(frames).toEqual([0, 53, 83]);
  clock.pass(100);
  expect(frames.at(-1)).toBe(183);
});

test("a view that is still is drawn when it is asked for, and never by itself", () => {
  const { clock, frames, pace } = drawing(() => 10);
  pace.soon();
  pace.soon();
  clock.pass(10_000);
  expect(frames).toEqual([0, 100]);
});

test("whatever is asked for, and however long frames take: a tenth of the time at most", () => {
  const action = fc.record({ waitMs: fc.integer({ min: 0, max: 400 }), tookMs: fc.integer({ min: 0, max: 300 }) });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), fc.boolean(), (actions, goesOn) => {
      let tookMs = 0;
      let spentMs = 0;
      const { clock, frames, pace } = drawing(() => {
        expect(spentMs * 10).toBeLessThanOrEqual(clock.nowMs() - (frames[0] ?? 0));
        spentMs += tookMs;
        return tookMs;
      });
      if (goesOn) pace.start();
      for (const each of actions) {
        clock.pass(each.waitMs);
        tookMs = each.tookMs;
        pace.soon();
      }
    }),
  );
});
