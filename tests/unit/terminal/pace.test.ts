/** When a frame is drawn: the promises of pace.ts, by a clock that goes as it is told to. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { FramePace } from "../../../src/terminal/pace.ts";
import { FakeClock } from "../../support/fake-terminal.ts";

/** A pace whose frames take so long, and when they began; `outMs` of it nobody waits for them. */
function drawing(tookMs: () => number, outMs = () => 0) {
  const clock = new FakeClock();
  const frames: number[] = [];
  let isOutMs = 0;
  const draw = () => {
    frames.push(clock.nowMs());
    clock.block(tookMs());
    isOutMs = clock.nowMs() + outMs();
  };
  const pace = new FramePace(draw, () => clock.nowMs() >= isOutMs, clock);
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

test("a frame is not over before the terminal has taken all of it", () => {
  const { clock, frames, pace } = drawing(
    () => 0,
    () => 200,
  );
  pace.start();
  clock.pass(100);
  pace.soon();
  clock.pass(3_900);
  expect(frames).toHaveLength(2);
  expect(frames[1]).toBeWithin(2_000, 2_300); // looked at now and then
});

test("what is to be answered while a frame is not out is drawn once after its rest, in a view that is still as well", () => {
  let outMs = 30;
  const { clock, frames, pace } = drawing(
    () => 0,
    () => outMs,
  );
  pace.soon();
  outMs = 0;
  for (let n = 0; n < 5; n++) pace.soon();
  clock.pass(10_000);
  expect(frames).toEqual([0, 300]);
});

test("a terminal that stood still for an hour is drawn on again some seconds after", () => {
  let isStuck = true;
  const clock = new FakeClock();
  const frames: number[] = [];
  const pace = new FramePace(
    () => frames.push(clock.nowMs()),
    () => !isStuck,
    clock,
  );
  pace.start();
  clock.pass(60 * 60_000);
  expect(frames).toHaveLength(1);
  isStuck = false;
  clock.pass(6_000);
  expect(frames.length).toBeGreaterThan(1);
  expect((frames.at(-1) ?? 0) - (frames.at(-2) ?? 0)).toBe(100);
  pace.stop();
  pace.soon();
  clock.pass(1_000);
  const { length } = frames;
  clock.pass(10_000);
  expect(frames).toHaveLength(length);
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
