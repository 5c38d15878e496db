/** `deadlock`: what it says of its locks, held against the lock files and the record. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDemo } from "../../../src/demos/catalog.ts";
import type { DeadlockResult } from "../../../src/demos/deadlock/report.ts";
import type { Params } from "../../../src/demos/define.ts";
import { type Played, playDemo } from "../../../src/demos/play.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning } from "../../support/processes/processes.ts";
import { abandoned, paramsOf, pidsOf } from "../../support/recordings/played.ts";

withExecutableChildren();

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-deadlock-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Plays the demo in `dir`, where its files stay. */
async function playedIn(
  params: Params,
  { recording = new Recording(), signal = new AbortController().signal } = {},
): Promise<Played> {
  const all = await paramsOf("deadlock", params);
  return playDemo(await loadDemo("deadlock"), { params: all, dir, recording, signal });
}

/** Whether it is a wait for a lock that somebody has. (Behind the dead, in a line left by another folder, one waits for nobody.) */
const isLockWait = (event: LaneEvent) => event.type === "wait" && event.owner !== undefined;
const lockWaits = (recording: Recording) => recording.of("wait").filter(isLockWait);

const ownerIn = (lock: string): number => JSON.parse(readFileSync(join(dir, lock), "utf8")).pid;

test.each([
  [2, 200, 0],
  [2, 1_000, 100],
  [5, 1_000, 20],
  [8, 1_500, 0],
])(
  "%i processes with %i ms of patience: a full circle, ended by a timeout; in one order all get through",
  async (procs, patience, work) => {
    const recording = new Recording();
    const owners = new Map<string, number>();
    recording.subscribe(() => {
      const waits = lockWaits(recording);
      if (owners.size > 0 || waits.length < procs) return;
      for (const { on } of waits) owners.set(on, ownerIn(on));
    });
    const { document, outcome } = await playedIn({ procs, patience, work }, { recording });
    expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
    expect(document.ok).toBe(true);
    expect(outcome.answer).toBe("none");
    expect(readdirSync(dir)).toEqual([]);
    const result = document.result as DeadlockResult;
    const lanes = document.lanes.map(({ lane }) => lane);

    // The circle is what the lock files said when this test read them, and it goes once around.
    expect(result.cycle.map(({ lane }) => lane)).toEqual(lanes);
    for (const [i, { lane, pid, holds, waitsFor, owner }] of result.cycle.entries()) {
      expect(document.lanes[i]).toMatchObject({ lane, pid });
      expect(owners.get(holds)).toBe(pid);
      expect(owners.get(waitsFor)).toBe(owner);
      expect(owner).toBe(result.cycle[(i + 1) % procs]?.pid as number);
    }

    // Whoever gave up had waited as long as it said it would; the others had both.
    expect(result.timedOut.length).toBeGreaterThan(0);
    expect([...result.timedOut, ...result.finished].toSorted()).toEqual(lanes);
    const events = recording.events();
    for (const lane of result.timedOut) {
      const own = events.filter((event) => event.lane === lane);
      const begin = own.findIndex(isLockWait);
      expect(own[begin + 1]?.type).toBe("run");
      expect((own[begin + 1]?.t ?? 0) - (own[begin]?.t ?? 0)).toBeGreaterThan(patience - 2);
    }
    expect(result.stuckMs).toBeGreaterThan(0);
    expect(result.orderedFinished).toEqual(lanes);
    expect(result.orderedMs).toBeGreaterThan(procs === 2 ? 2 * work : work);

    // The record, read another way: nobody takes a lock that somebody has, and in the end nobody has one.
    const holders = new Map<string, string>();
    for (const event of events) {
      if (event.type === "hold") {
        expect(holders.get(event.on)).toBeUndefined();
        holders.set(event.on, event.lane);
      } else if (event.type === "release") {
        expect(holders.get(event.on)).toBe(event.lane);
        holders.delete(event.on);
      }
    }
    expect(holders.size).toBe(0);
    // In one order: the last two that each lane took.
    for (const lane of lanes) {
      const taken = recording.of("hold").filter((event) => event.lane === lane);
      expect(taken.slice(-2).map(({ on }) => on)).toEqual(
        taken
          .slice(-2)
          .map(({ on }) => on)
          .toSorted(),
      );
    }
  },
);

test("whoever waits in a deadlock uses no CPU", async () => {
  const { document } = await playedIn({ procs: 3, patience: 1_500 });
  // Each waited for at least 1500 ms; one that polls takes as much CPU as the machine gives.
  for (const { cpuMs } of document.lanes) expect(cpuMs).toBeLessThan(500);
});

const allWait = (recording: Recording) => lockWaits(recording).length >= 3;

test("left in the middle of the deadlock, it leaves nothing behind", async () => {
  const { recording, left } = await abandoned("deadlock", { procs: 3, patience: 10_000 }, allWait);
  expect(pidsOf(recording).length).toBe(3);
  expect(pidsOf(recording).filter(isRunning)).toEqual([]);
  expect(left.filter((name) => !/^lanes-\d+$/.test(name))).toEqual([]); // but for the lock's turnstiles
});

test("left in the middle of the deadlock, it leaves no lock in --dir", async () => {
  const recording = new Recording();
  const leaving = new AbortController();
  recording.subscribe(() => {
    if (allWait(recording)) leaving.abort(new Error("left"));
  });
  const play = playedIn({ procs: 3, patience: 10_000 }, { recording, signal: leaving.signal });
  expect(await play.catch((error: Error) => error.message)).toBe("left");
  expect(readdirSync(dir)).toEqual([]);
});

test("a file of somebody else's in a lock's place is waited for, and left as it is", async () => {
  writeFileSync(join(dir, "a.lock"), "not a lock of lanes\n");
  const recording = new Recording();
  const leaving = new AbortController();
  recording.subscribe(() => {
    if (recording.of("wait").some(({ on }) => on === "a.lock")) leaving.abort(new Error("left"));
  });
  const play = playedIn({}, { recording, signal: leaving.signal });
  expect(await play.catch((error: Error) => error.message)).toBe("left");
  expect(readdirSync(dir)).toEqual(["a.lock"]);
  expect(readFileSync(join(dir, "a.lock"), "utf8")).toBe("not a lock of lanes\n");
});
