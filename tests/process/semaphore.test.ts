/** The semaphore between real processes: how many are in, who is next, and what becomes of a slot whose owner is killed. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleepsForLock } from "../../scripts/bench/asleep.ts";
import { maxOverlap } from "../../src/demos/analysis/intervals.ts";
import { ExitCode, LanesError } from "../../src/errors.ts";
import { acquireSlot, lock, semaphoreStatus, tryAcquireSlot } from "../../src/lock/index.ts";
import { nowMs } from "../../src/recording/clock.ts";
import { Meeter } from "../support/processes/meeter.ts";
import { cpuMs } from "../support/processes/processes.ts";
import { until } from "../support/wait.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-semaphore-"));
  file = join(dir, "desk");
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Waits until this process is next: it sleeps at the slots. */
const isNext = ({ pid }: Meeter) => until(`pid ${pid} is next`, () => semaphoreStatus(file, 2).next?.pid === pid);

test("as many as there are slots are in; whichever comes free goes to the one that waits", async () => {
  await using first = new Meeter("slot", file, 2);
  expect(await first.until("has")).toMatchObject({ has: 1 });
  await using second = new Meeter("slot", file, 2);
  expect(await second.until("has")).toMatchObject({ has: 2 });
  await using third = new Meeter("slot", file, 2);
  expect(await third.until("waits")).toMatchObject({ waits: [first.pid, second.pid] });
  await isNext(third);
  expect(semaphoreStatus(file, 2)).toMatchObject({
    state: "held",
    slots: [
      { slot: 1, state: "held", owner: { pid: first.pid } },
      { slot: 2, state: "held", owner: { pid: second.pid } },
    ],
  });
  expect(tryAcquireSlot(file, 2)).toBeNull();

  second.goOn();
  expect(await third.until("has")).toMatchObject({ has: 2, recovered: null });
  expect(semaphoreStatus(file, 2)).toMatchObject({ state: "held", next: null });
  for (const each of [first, third]) each.goOn();
  await first.until("gave");
  await third.until("gave");
  expect(semaphoreStatus(file, 2).state).toBe("free");
  await until("nothing is left", () => readdirSync(dir).length === 0);
});

test("whoever waits, next or behind, uses next to no CPU", async () => {
  await using first = new Meeter("slot", file, 1);
  await first.until("has");
  await using next = new Meeter("slot", file, 1);
  await isNext(next);
  await using behind = new Meeter("slot", file, 1);
  await behind.until("waits");
  for (const { pid } of [next, behind]) await until("it sleeps", () => sleepsForLock(pid));
  const used = () => cpuMs(next.pid) + cpuMs(behind.pid);
  const before = used();
  await Bun.sleep(500);
  expect(used() - before).toBeLessThan(100);
});

test("first come, first served, also by those who come while a slot is handed over", async () => {
  await using first = new Meeter("slot", file, 2);
  await first.until("has");
  await using second = new Meeter("slot", file, 2);
  await second.until("has");
  await using third = new Meeter("slot", file, 2);
  await isNext(third);
  await using fourth = new Meeter("slot", file, 2);
  await fourth.until("waits");
  await until("the fourth stands in line", () => sleepsForLock(fourth.pid));
  await using fifth = new Meeter("slot", file, 2);
  first.goOn();
  const third_ = await third.until("has");
  await isNext(fourth);
  await fifth.until("waits");
  second.goOn();
  const fourth_ = await fourth.until("has");
  third.goOn();
  const fifth_ = await fifth.until("has");
  expect([third_.has, fourth_.has, fifth_.has]).toEqual([1, 2, 1]);
  expect(third_.t).toBeLessThan(fourth_.t);
  expect(fourth_.t).toBeLessThan(fifth_.t);
});

test("a killed owner's slot goes to the next one at once, which is told whose it was", async () => {
  await using first = new Meeter("slot", file, 2);
  await first.until("has");
  await using second = new Meeter("slot", file, 2);
  await second.until("has");
  await using third = new Meeter("slot", file, 2);
  await isNext(third);
  await second.signal("SIGKILL");
  expect(await third.until("has")).toMatchObject({ has: 2, recovered: second.pid });
});

test("whoever is next and is killed, or stopped, keeps nobody out", async () => {
  await using first = new Meeter("slot", file, 2);
  await first.until("has");
  await using second = new Meeter("slot", file, 2);
  await second.until("has");
  await using killed = new Meeter("slot", file, 2);
  await isNext(killed);
  await using stopped = new Meeter("slot", file, 2);
  await stopped.until("waits");
  await killed.signal("SIGKILL");
  await isNext(stopped);
  await stopped.signal("SIGSTOP");
  await using last = new Meeter("slot", file, 2);
  await last.until("waits");
  for (const each of [first, second]) each.goOn();
  await last.until("has");
});

test("a wait ends by its time, by its signal, and when the process ends; and nobody waits twice for itself", async () => {
  await using first = new Meeter("slot", file, 1);
  await first.until("has");
  const refused = (error: unknown) => error instanceof LanesError && error.exitCode === ExitCode.notAcquired;
  for (const wait of [0, 30]) {
    const error = await acquireSlot(file, 1, { wait }).catch((error: unknown) => error);
    expect(refused(error)).toBe(true);
    expect(String(error)).toContain(`pid ${first.pid}`);
  }
  const leaving = new AbortController();
  const left = acquireSlot(file, 1, { signal: leaving.signal, onWait: () => leaving.abort(new Error("left")) });
  expect(left).rejects.toThrow("left");
  await left.catch(() => {});
  expect(semaphoreStatus(file, 1).next).toBeNull();

  first.goOn();
  await first.until("gave");
  using _slot = await acquireSlot(file, 2);
  expect(acquireSlot(file, 2)).rejects.toThrow("held already by this very command");
  expect(() => tryAcquireSlot(file, 2)).toThrow(LanesError);
});

test("whoever gives a slot back removes what is left of free ones; not with keep", async () => {
  (await lock(`${file}.2`, { keep: true })).release();
  (await acquireSlot(file, 2, { keep: true })).release();
  expect(readdirSync(dir).toSorted()).toEqual(["desk.1", "desk.2"]);
  (await acquireSlot(file, 2)).release();
  expect(readdirSync(dir)).toEqual([]);
});

test("never more in than slots, whoever is killed", async () => {
  const slots = 3;
  const meeters = Array.from({ length: 6 }, () => new Meeter("slots", file, slots, 40, 4));
  const ends = new Map<Meeter, number>();
  for (const victim of meeters.slice(0, 3)) {
    await until("it has been in some times", () => victim.heard.length > 10 * (ends.size + 1));
    ends.set(victim, nowMs());
    await victim.signal("SIGKILL");
  }
  for (const meeter of meeters.slice(3)) await meeter.ended();
  const stays = meeters.flatMap((meeter) => {
    const { heard } = meeter;
    return heard.flatMap(({ in: slot, t }, i) =>
      slot === undefined
        ? []
        : [{ lane: String(slot), fromMs: t, toMs: heard[i + 1]?.t ?? ends.get(meeter) ?? Number.POSITIVE_INFINITY }],
    );
  });
  for (const survivor of meeters.slice(3)) expect(survivor.heard).toHaveLength(80);
  expect(maxOverlap(stays)).toBe(slots);
  for (const slot of ["1", "2", "3"]) expect(maxOverlap(stays.filter(({ lane }) => lane === slot))).toBe(1);
});
