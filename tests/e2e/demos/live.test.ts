import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { Keys, Pty, type PtyOptions } from "../../support/pty.ts";

setDefaultTimeout(60_000);
let open: Pty[] = [];
const start = (args: readonly string[], options?: PtyOptions) => {
  const pty = new Pty(args, options);
  open.push(pty);
  return pty;
};
afterEach(async () => {
  const all = open;
  open = [];
  for (const pty of all) await pty.close();
});

/** Every frame that was drawn, whether somebody had the time to look at it or not. */
const framesOf = (pty: Pty) => pty.raw.split(/\x1b\[\d+A/);

/**
 * A process that gets no processor for longer than any before tells of its release too late for a frame: the view keeps events back
 * for longer from then on (recording/reorder.ts; its unit test shows that no other frame is wrong).
 */
const LATE_FRAMES = 2;

test("the frames show one holder of the lock, and the state column agrees with the footer", async () => {
  const pty = start(["demo", "mutex", "--no-color", "--rounds", "120"]);
  expect(await pty.exitCode()).toBe(0);
  const frames = framesOf(pty).filter((frame) => frame.includes("data.json.lock:"));
  expect(frames.length).toBeGreaterThan(LATE_FRAMES);
  const wrong = frames.filter((frame) => {
    const holders = [...frame.matchAll(/(P\d+) +\d+ +\d+ +HOLDS/g)].map(([, lane]) => lane);
    const footer = /data\.json\.lock: (?:pid \d+, (P\d+)|free)/.exec(frame)?.[1];
    return `${holders}` !== `${footer ?? ""}`;
  });
  expect(wrong.slice(LATE_FRAMES)).toEqual([]);
});

test("a process that a process started is not drawn as starting once it runs, and its end is in the last frame", async () => {
  for (let n = 0; n < 2; n++) {
    const pty = start(["demo", "identity", "--no-color"], { rows: 60 });
    expect(await pty.exitCode()).toBe(0);
    const last = framesOf(pty).at(-1) ?? "";
    expect(last).toMatch(/P1\.1 .*(exited 0|ended)/);
    expect(last).toMatch(/[├└] +P1\.1 .*─/);
  }
});

test("the last picture has every lane, also those the screen had no room for", async () => {
  const pty = start(["demo", "function", "--procs", "40"]);
  expect(await pty.exitCode()).toBe(0);
  const lanes = [...pty.history().matchAll(/^[├└] (P\d+) .*exited 0/gm)].map(([, lane]) => lane);
  expect(lanes).toEqual(Array.from({ length: 40 }, (_, i) => `P${i + 1}`));
});

test("Esc and Ctrl-D stop a demo that was started by its command, as Ctrl-C does", async () => {
  for (const key of [Keys.escape, Keys.ctrlD]) {
    const pty = start(["demo", "function", "--work", "10000"]);
    await pty.shows(/P3 .* runs/);
    pty.type(key);
    expect(await pty.exitCode()).toBe(130);
  }
});

test("in the menu, Esc in a demo goes back to the menu, Ctrl-D leaves", async () => {
  for (const key of [Keys.escape, Keys.ctrlD]) {
    const pty = start([]);
    await pty.shows("type to filter");
    await pty.answer("identity\r", "How shall it run?");
    await pty.answer(Keys.down + Keys.down + Keys.enter, "work:");
    await pty.answer(`${Keys.ctrlU}10000${Keys.enter}`, "work 10000 ms");
    await pty.answer(Keys.enter, "becomes of what it started?");
    await pty.answer(Keys.enter, /P1\.2 .* runs/);
    pty.type(key);
    if (key === Keys.escape) {
      await pty.shows("type to filter");
      expect(pty.place.running()).toEqual([pty.child.pid]);
      expect(pty.history()).toMatch(/P1\.2 .* (ended|killed)/); // nobody was left to say how
      expect(pty.history()).not.toMatch(/P1\.2 .* runs/);
      pty.type(Keys.escape);
    }
    expect(await pty.exitCode()).toBe(0);
  }
});

test("where no lanes can be drawn, the lines of progress stand in the order in which things happened", async () => {
  const pty = start(["demo", "mutex", "--rounds", "10"], { env: { TERM: "dumb" } });
  expect(await pty.exitCode()).toBe(0);
  const times = [...pty.history().matchAll(/^ +([\d.]+) ms {2}(?:main|P\d)/gm)].map(([, ms]) => Number(ms));
  expect(times.length).toBeGreaterThan(50);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});
