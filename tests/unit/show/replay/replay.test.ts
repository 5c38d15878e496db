import { expect, test } from "bun:test";
import fc from "fast-check";
import { momentsOf } from "../../../../src/demos/analysis/moments.ts";
import type { LaneEvent } from "../../../../src/recording/event.ts";
import { Histories } from "../../../../src/recording/history.ts";
import { replayFrame } from "../../../../src/show/replay/frame.ts";
import { logLines } from "../../../../src/show/replay/log.ts";
import { afterKey, firstView, speeds, speedText, stayMs } from "../../../../src/show/replay/navigate.ts";
import { Moments, type Replay } from "../../../../src/show/replay/replay.ts";
import { Steps } from "../../../../src/show/replay/steps.ts";
import { anyEvents, raced } from "../../../support/recordings/recordings.ts";

function replayOf(events: readonly LaneEvent[], code?: Replay["code"]): Replay {
  const shared = { label: "data.json count", expected: 4 };
  const moments = new Moments(momentsOf(events, true));
  return { name: "race", params: "procs 2", shared, code, steps: new Steps(events, true, code), moments };
}

const plain = { ascii: false, color: false };
const lostUpdate = raced(["P1", "P2", "P1", "P2"]);

test("what is said of a step is what the events up to it give when they are folded one by one", () => {
  fc.assert(
    fc.property(anyEvents, fc.nat(), (events, at) => {
      const steps = new Steps(events, true);
      const step = at % Math.max(1, events.length);
      const folded = Histories.of(
        events.slice(0, step + 1).map((event, t) => ({ ...event, t })),
        true,
      );
      for (const lane of steps.lanes) {
        const history = folded.lane(lane);
        expect(steps.lane(lane, step).activity?.state).toBe(history?.state);
        expect(steps.lane(lane, step).activity).toEqual(history?.now.activity);
        expect(steps.lane(lane, step).last).toBe(events.slice(0, step + 1).findLast((event) => event.lane === lane));
      }
      for (const lock of steps.locks) expect(steps.owner(lock, step)).toBe(folded.locks.get(lock) ?? "");
      const written = events.slice(0, step + 1).findLast((event) => event.type === "write");
      expect(steps.value(step)).toEqual(written?.type === "write" ? written.value : undefined);
    }),
  );
});

test("a frame fits its screen, whatever was recorded, at any step and size, and hands no control character on", () => {
  const sizes = fc.constantFrom([80, 23], [40, 11], [20, 5], [200, 60]) as fc.Arbitrary<[number, number]>;
  fc.assert(
    fc.property(anyEvents, sizes, fc.nat(), fc.boolean(), (events, [columns, rows], at, code) => {
      const view = { step: at % Math.max(1, events.length), playing: false, speed: 0, code };
      const shown = {
        lines: ["let a = 1;", "a += 1;"],
        lineOf: (event: LaneEvent) => (event.type === "write" ? 1 : 0),
      };
      for (const replay of [replayOf(events), replayOf(events, shown)]) {
        const lines = replayFrame(replay, view, { ...plain, columns }, rows);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) {
          expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      }
      expect([...logLines(replayOf(events), { ...plain, columns }).map((line) => /\p{Cc}/u.test(line))]).not.toContain(
        true,
      );
    }),
    { numRuns: 300 },
  );
});

test("at a lost update both reads and both writes are on the screen, however small and however far apart", () => {
  const noise = Array.from(
    { length: 40 },
    (_, i): LaneEvent => ({ type: "ready", t: 1.5, lane: `P${(i % 4) + 3}`, pid: 9, ppid: 1 }),
  );
  const events = [...lostUpdate, ...noise].toSorted((a, b) => a.t - b.t);
  const replay = replayOf(events);
  const step = replay.moments.next(-1, "lost") ?? -1;
  const view = { ...firstView(replay), step };
  for (const [columns, rows] of [
    [80, 23],
    [40, 11],
  ] as const) {
    const screen = replayFrame(replay, view, { ...plain, columns }, rows).join("\n");
    expect(screen).toMatch(/0\.000 reads 0/);
    expect(screen).toMatch(/1\.000 +reads 0/);
    expect(screen).toMatch(/✗ 2\.000 writes 1/);
    expect(screen).toMatch(/► 3\.000 +writes 1 /);
    expect(screen).toContain("lost update: P2 writes 1");
  }
});

test("the code is marked with who is where, and what is to come is not given away", () => {
  const code = {
    lines: ["start();", "read();", "write();"],
    lineOf: (event: LaneEvent) => (event.type === "read" ? 1 : 2),
  };
  const replay = replayOf(lostUpdate, code);
  const frame = (step: number) =>
    replayFrame(replay, { ...firstView(replay), step }, { ...plain, columns: 80 }, 23).join("\n");
  expect(frame(2)).toMatch(/^ P2 +│ read\(\);$/m);
  expect(frame(2)).toMatch(/^►P1 +│ write\(\);$/m);
  expect(frame(0)).not.toContain("P1: write");
  expect(frame(0)).not.toMatch(/writes/);
});

test("keys: step by step, to the ends, from moment to moment, of one kind, and nowhere", () => {
  const replay = replayOf(lostUpdate);
  const go = (keys: readonly string[], step = 0) =>
    keys.reduce((view, key) => afterKey(view, key, replay) ?? view, { ...firstView(replay), step });
  expect(go(["\x1b[C"]).step).toBe(1);
  expect(go(["\x1bOC", "\x1b[C", "\x1b[D"]).step).toBe(1);
  expect(go(["\x1b[D"]).step).toBe(0);
  expect(go(["\x1b[F"]).step).toBe(3);
  expect(go(["\x1b[F", "\x1b[C"]).step).toBe(3);
  expect(go(["\x1b[F", "\x1b[1~"]).step).toBe(0);
  expect(go(["n"]).step).toBe(3);
  expect(go(["l"]).step).toBe(3);
  expect(go(["L"])).toMatchObject({ step: 0, stuck: true });
  expect(go(["d"])).toMatchObject({ step: 0, stuck: true });
  expect(go(["n", "n"])).toMatchObject({ step: 3, stuck: true });
  expect(go(["n", "n", "\x1b[D"]).stuck).toBeUndefined();
  expect(go(["p"], 3)).toMatchObject({ step: 3, stuck: true });
  expect(go(["x", "\x1b[31~"])).toEqual(firstView(replay));
});

test("playing: from the beginning if it is at the end, slower and faster, any movement stops it", () => {
  const replay = replayOf(lostUpdate);
  const first = firstView(replay);
  expect(afterKey(first, " ", replay)).toMatchObject({ playing: true, step: 0 });
  expect(afterKey({ ...first, step: 3 }, " ", replay)).toMatchObject({ playing: true, step: 0 });
  expect(afterKey({ ...first, playing: true }, " ", replay)).toMatchObject({ playing: false });
  expect(afterKey({ ...first, playing: true }, "\x1b[C", replay)).toMatchObject({ playing: false, step: 1 });
  expect(afterKey({ ...first, playing: true }, "+", replay)).toMatchObject({ playing: true, speed: first.speed + 1 });
  expect(afterKey({ ...first, speed: 0 }, "-", replay)).toMatchObject({ speed: 0 });
  expect(speeds.map((_, i) => speedText(i)).join(" ")).toBe("1/1000 1/500 1/200 1/100 1/50 1/20 1/10 1/5 1/2 1 2 5 10");
  const at = (speed: (typeof speeds)[number]) => stayMs({ ...first, speed: speeds.indexOf(speed) }, replay);
  expect(at(1)).toBe(1);
  expect(at(0.01)).toBe(100);
  expect(stayMs({ ...first, speed: 0 }, replay)).toBe(1000);
  expect(stayMs({ ...first, step: 3 }, replay)).toBeUndefined();
});

test("going anywhere in a long recording takes no longer than going to the next step", () => {
  const lanes = Array.from({ length: 8 }, (_, i) => `P${i + 1}`);
  const record = raced(Array.from({ length: 100_000 }, (_, i) => lanes[(i * 7 + (i >> 3)) % 8] ?? ""));
  const begin = performance.now();
  const replay = replayOf(record);
  const foldingMs = performance.now() - begin;
  const before = performance.now();
  for (let i = 0; i < 100; i++) {
    replayFrame(replay, { ...firstView(replay), step: (i * 77_777) % 100_000 }, { ...plain, columns: 80 }, 23);
  }
  // Had a frame to fold what is before it, it would take half as long on average as folding all, on any machine.
  expect((performance.now() - before) / 100).toBeLessThan(foldingMs / 5);
});
