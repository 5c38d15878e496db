/**
 * What holds of every view that is drawn while something goes on, tried with each of them: on a terminal that is slow, that
 * gets another size, that others had meanwhile.
 */
import { describe, expect, test } from "bun:test";
import { mapProgressText } from "../../../src/show/jobs/map-progress.ts";
import { type RunStatus, runFrame } from "../../../src/show/jobs/run-live.ts";
import { traceLines } from "../../../src/show/trace/trace-lanes.ts";
import { LiveFrame, type LiveKeys, type LiveView, PATIENCE_MS } from "../../../src/terminal/live-frame.ts";
import { FakeTerminal } from "../../support/fake-terminal.ts";

const status: RunStatus = {
  done: 1,
  failed: 0,
  total: 3,
  slots: 1,
  elapsedMs: 1_000,
  medianMs: undefined,
  running: [{ lane: "1", pid: 4711, command: "sleep 60", ms: 500 }],
  waitsFor: null,
  drains: null,
};
const progress = { ok: 1, failed: 0, elapsedMs: 1_000, fraction: 0.5, busy: 1, workers: 2 };
const silent: LiveKeys = { onInterrupt() {}, onLeave() {}, onKey() {} };

/** As each view makes its own; `seen` is in each of its frames. */
type Kind = readonly [seen: string, make: (fake: FakeTerminal) => Omit<LiveView, "terminal" | "clock">];
const views: Readonly<Record<string, Kind>> = {
  demo: ["lanes", () => ({ lines: () => ["lanes", "P1", "P2"], keys: silent })],
  exec: ["lanes", () => ({ lines: () => ["lanes", "P1", "P2"], keys: silent, belowOthers: true })],
  replay: ["step 1", () => ({ lines: () => ["step 1"], keys: silent, isStill: true })],
  run: [
    "1/3 done",
    (fake) => ({
      lines: (rows) => runFrame(status, fake.style, rows),
      keys: silent,
      patienceMs: PATIENCE_MS,
      belowOthers: true,
    }),
  ],
  "run in a pipe": [
    "1/3 done",
    (fake) => ({ lines: (rows) => runFrame(status, fake.style, rows), patienceMs: PATIENCE_MS, belowOthers: true }),
  ],
  map: ["1/2", () => ({ lines: () => [mapProgressText(progress, 10)], patienceMs: PATIENCE_MS, belowOthers: true })],
  trace: [
    "lane",
    (fake) => ({
      lines: (rows) =>
        traceLines({ lanes: [], others: { count: 0, failed: 0, pieces: [] }, nowMs: 10 }, () => "", fake.style, rows),
      patienceMs: PATIENCE_MS,
      belowOthers: true,
    }),
  ],
  explore: ["run 7", () => ({ lines: () => ["run 7"], belowOthers: true })],
};

describe.each(Object.entries(views))("%s", (_, [seen, make]) => {
  function begun() {
    const fake = new FakeTerminal();
    const view = make(fake);
    const live = new LiveFrame({ ...view, terminal: fake.terminal, clock: fake.clock });
    const frames = () => fake.written.filter(({ text }) => text.includes(seen));
    live.start();
    return { fake, view, live, frames };
  }

  test.each(["slowMs", "takesMs"] as const)("a slow terminal (%s) has a tenth of the time at most", (slow) => {
    const { fake, live, frames } = begun();
    fake.clock.pass(PATIENCE_MS);
    fake[slow] = 250;
    const from = frames().length;
    const fromMs = fake.clock.nowMs();
    for (let ms = 0; ms < 60_000; ms += 20) {
      if (ms % 1_000 === 0) fake.resize(60 + (ms % 3), 24);
      live.changed();
      fake.clock.pass(20);
    }
    const spentMs = (frames().length - from) * 250;
    const elapsedMs = fake.clock.nowMs() - fromMs;
    expect(spentMs).toBeGreaterThan(0.02 * elapsedMs);
    expect(spentMs).toBeLessThanOrEqual(0.1 * elapsedMs + 250);
    live.stop();
  });

  test("it is drawn by itself at most ten times a second, or never", () => {
    const { fake, view, live, frames } = begun();
    fake.clock.pass(10_000);
    if (view.isStill) expect(frames()).toHaveLength(1);
    else expect(frames().length).toBeWithin(90, 102);
    live.stop();
    const after = fake.written.length;
    fake.resize(50, 20);
    fake.comeBack();
    fake.clock.pass(10_000);
    expect(fake.written).toHaveLength(after);
  });

  test("another size is drawn for at once, and what others wrote above it stays", () => {
    const { fake, view, live, frames } = begun();
    fake.clock.pass(1_000);
    const before = fake.written.length;
    const drawn = frames().length;
    fake.resize(60, 20);
    expect(frames()).toHaveLength(drawn + 1);
    const text = fake.written
      .slice(before)
      .map((each) => each.text)
      .join("");
    expect(text.includes("\x1b[2J")).toBe(!view.belowOthers);
    live.stop();
  });

  test("when others had the terminal it is drawn below what they wrote, and meanwhile not at all", () => {
    const { fake, live, frames } = begun();
    fake.clock.pass(1_000);
    fake.isOurs = false;
    const before = fake.written.length;
    fake.clock.pass(1_000);
    live.changed();
    expect(fake.written).toHaveLength(before);
    fake.clock.pass(1_000);
    const drawn = frames().length;
    fake.comeBack();
    expect(frames()).toHaveLength(drawn + 1);
    expect(fake.written.at(-1)?.text).not.toMatch(/\x1b\[\d+A/); // nothing is gone up to
    live.stop();
  });

  test("the keys are its own from its first frame on, or stay with whoever has them", () => {
    const { fake, view, live } = begun();
    expect([fake.isHeard, fake.cursorHidden]).toEqual(
      Array(2).fill(view.keys !== undefined && view.patienceMs === undefined),
    );
    fake.clock.pass(1_000);
    expect([fake.isHeard, fake.cursorHidden]).toEqual(Array(2).fill(view.keys !== undefined));
    fake.type("\x1a");
    expect(fake.suspensions).toBe(view.keys === undefined ? 0 : 1);
    live.stop();
    expect(fake.isHeard).toBe(false);
  });
});

test("what others write without an end of line is not drawn over", () => {
  const fake = new FakeTerminal();
  const live = new LiveFrame({ terminal: fake.terminal, clock: fake.clock, lines: () => ["frame"], belowOthers: true });
  live.start();
  live.giveWay(Buffer.from("half a"));
  fake.clock.pass(100);
  expect(fake.written.at(-1)?.text).toMatch(/^\r\n[^\n]*frame/);
  live.giveWay(" line\n");
  expect(fake.written.at(-1)?.text).toContain("\x1b[1A");
  fake.clock.pass(100);
  expect(fake.written.at(-1)?.text).toMatch(/^\r[^\n]*frame/);
  live.stop();
});

test("a frame that a terminal that stands still has not taken is given up for what others write", () => {
  const fake = new FakeTerminal();
  const live = new LiveFrame({ terminal: fake.terminal, clock: fake.clock, lines: () => ["frame"], belowOthers: true });
  fake.takesMs = Number.POSITIVE_INFINITY;
  live.start();
  fake.clock.pass(60_000);
  expect(fake.written).toHaveLength(1);
  live.giveWay("output\n");
  expect(fake.written).toHaveLength(1); // nothing is gone up to: nobody knows how much of it there is
  fake.takesMs = 0;
  fake.clock.pass(6_000);
  expect(fake.written.length).toBeGreaterThan(1);
  expect(fake.written[1]?.text).not.toMatch(/\x1b\[\d+A/);
  live.stop();
});

test("while others write where it is shown it is not drawn", () => {
  const fake = new FakeTerminal();
  let isInTheWay = true;
  const lines = () => ["frame"];
  const live = new LiveFrame({ terminal: fake.terminal, clock: fake.clock, lines, isInTheWay: () => isInTheWay });
  live.start();
  fake.clock.pass(1_000);
  expect(fake.written).toEqual([]);
  isInTheWay = false;
  fake.clock.pass(100);
  expect(fake.written).toHaveLength(1);
  live.stop();
});

test("lines above it are written at once, with the frame below them, unless it has to rest", () => {
  const fake = new FakeTerminal();
  const live = new LiveFrame({ terminal: fake.terminal, clock: fake.clock, lines: () => ["frame"], belowOthers: true });
  const count = (text: string) => fake.written.filter((each) => each.text.includes(text)).length;
  live.start();
  live.above(["one", "two"]);
  expect([count("one\r\ntwo\r\n"), count("frame")]).toEqual([1, 2]);
  fake.slowMs = 50;
  live.above(["three"]);
  live.above(["four"]);
  live.above(["five"]);
  expect([count("three"), count("four"), count("five"), count("frame")]).toEqual([1, 1, 1, 3]);
  fake.clock.pass(450);
  expect(count("frame")).toBe(4);
  live.stop();
});

test("each key has its meaning", () => {
  const fake = new FakeTerminal();
  const heard: string[] = [];
  const keys: LiveKeys = {
    onInterrupt: () => heard.push("interrupt"),
    onLeave: (key) => heard.push(`leave ${key === "\x04" ? "for good" : "back"}`),
    onKey: (key) => heard.push(key),
  };
  const live = new LiveFrame({ terminal: fake.terminal, clock: fake.clock, lines: () => [], keys });
  live.start();
  for (const key of ["q", "\x03", "\x1b", "\x04", "\x1c"]) fake.type(key);
  expect(heard).toEqual(["q", "interrupt", "leave back", "leave for good", "\x1c"]);
  live.stop();
});
