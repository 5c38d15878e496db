/** `semaphore`, `queue`, `barrier` and `event`: what they say, held against the record and the kernel. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BarrierResult } from "../../../src/demos/barrier/report.ts";
import type { DemoName } from "../../../src/demos/catalog.ts";
import { loadDemo } from "../../../src/demos/catalog.ts";
import type { Params } from "../../../src/demos/define.ts";
import { type EventResult, onText } from "../../../src/demos/event/report.ts";
import { type Played, playDemo } from "../../../src/demos/play.ts";
import type { QueueResult } from "../../../src/demos/queue/report.ts";
import type { SemaphoreResult } from "../../../src/demos/semaphore/report.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { demoText } from "../../../src/show/text.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning } from "../../support/processes/processes.ts";
import { abandoned, paramsOf, pidsOf, played } from "../../support/recordings/played.ts";

withExecutableChildren();

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-coordination-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Plays a demo in `dir`, where its files stay. */
async function playedIn(name: DemoName, params: Params, recording = new Recording()): Promise<Played> {
  const signal = new AbortController().signal;
  return playDemo(await loadDemo(name), { params: await paramsOf(name, params), dir, recording, signal });
}

function resultOf<R>({ document, outcome }: Played): R {
  expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
  expect(document.ok).toBe(true);
  return document.result as R;
}

test("semaphore: as many in as there are slots, each slot's file naming its owner; no file is left", async () => {
  const recording = new Recording();
  const owners = new Set<number>();
  recording.subscribe((event) => {
    if (event.type !== "hold") return;
    try {
      owners.add(JSON.parse(readFileSync(join(dir, event.on), "utf8")).pid);
    } catch {} // released already, or just being written
  });
  const play = await playedIn("semaphore", { procs: 6, slots: 3, rounds: 4, work: 20 }, recording);
  const result = resultOf<SemaphoreResult>(play);
  expect(result.maxHolders).toBe(3);
  expect(result.perSlot.reduce((a, b) => a + b)).toBe(24);
  expect(result.heldMs).toBeGreaterThanOrEqual(24 * 20);
  expect(result.spanMs).toBeGreaterThanOrEqual((24 * 20) / 3);
  expect(readdirSync(dir)).toEqual([]);
  const pids = play.document.lanes.map(({ pid }) => pid);
  expect([...owners].filter((pid) => pid !== undefined && !pids.includes(pid))).toEqual([]);
  expect(owners.size).toBeGreaterThan(0);
});

test.each([
  [{ procs: 1, slots: 1, rounds: 3, work: 0 }, false],
  [{ procs: 3, slots: 16, rounds: 2, work: 10 }, false],
  [{ procs: 5, slots: 1, rounds: 2, work: 10 }, false],
  [{ procs: 6, slots: 2, rounds: 1, work: 200 }, true],
] as const)("semaphore with %o", async (params, telling) => {
  const play = await played("semaphore", params);
  const { maxHolders, meanHolders } = resultOf<SemaphoreResult>(play);
  expect(maxHolders).toBeLessThanOrEqual(params.slots);
  // How many are in on average is what this machine had time for: the answer has to follow from that, and no more.
  const middle = (a: number, b: number) => Math.sqrt(a * b);
  const { procs, slots } = params;
  const came = meanHolders < middle(1, slots) ? "one" : meanHolders < middle(slots, procs) ? "slots" : "all";
  expect(play.outcome.answer).toBe((telling ? came : undefined) as string);
});

/** Who waited longer is what this machine had time for: the answer has to follow from that, and no more. */
const slower = (result: QueueResult) =>
  result.producersWaitedMs > result.consumersWaitedMs ? "producers" : "consumers";

test("queue: producers that are faster wait; every item once, and no more than it holds", async () => {
  const play = await playedIn("queue", { producers: 2, consumers: 2, capacity: 3, items: 15, make: 0, work: 10 });
  const result = resultOf<QueueResult>(play);
  expect(result).toMatchObject({ put: 30, taken: 30, left: 0 });
  expect(result.mostInQueue).toBeLessThanOrEqual(3);
  expect(result.producersWaitedMs).toBeGreaterThan(0);
  expect(play.outcome.answer).toBe(slower(result));
  // The lengths the queue itself told, with each put and take: another witness than the record's times.
  const lengths = play.recording.of("write").map(({ value }) => Number(value));
  expect(Math.max(...lengths)).toBe(3);
  expect(lengths.at(-1)).toBe(0);
});

test("queue: consumers that are faster wait, and the reason given is theirs", async () => {
  const play = await played("queue", { producers: 1, consumers: 3, items: 10, make: 15, work: 0 });
  const result = resultOf<QueueResult>(play);
  expect(result.consumersWaitedMs).toBeGreaterThan(0);
  expect(play.outcome.answer).toBe(slower(result));
  const text = demoText(play, { columns: 100, ascii: true, color: false });
  expect(text.includes("Why: The consumers were the faster")).toBe(play.outcome.answer === "consumers");
});

test("barrier: in step with it, and not without; the file has a line from each for each time", async () => {
  const play = await playedIn("barrier", { procs: 3, rounds: 4, work: 20 });
  const result = resultOf<BarrierResult>(play);
  expect(result.aheadTogether).toBe(1);
  expect(result.phases).toHaveLength(4);
  for (const { firstMs, lastMs, passedMs } of result.phases) {
    expect(firstMs).toBeLessThanOrEqual(lastMs);
    expect(passedMs).toBeGreaterThanOrEqual(lastMs);
  }
  expect(result.togetherMs).toBeGreaterThanOrEqual(4 * 3 * 20);
  expect(readFileSync(join(dir, "barrier.log"), "utf8").split("\n")).toHaveLength(3 * (4 + 3) + 1);
  expect(readdirSync(dir)).toEqual(["barrier.log"]);
});

test.each([
  { procs: 2, rounds: 1, work: 0 },
  { procs: 16, rounds: 2, work: 1 },
])("barrier with %o", async (params) => {
  expect(resultOf<BarrierResult>(await played("barrier", params)).phases).toHaveLength(params.rounds);
});

test("event: every signal wakes all that wait; one comes late and does not wait", async () => {
  const play = await playedIn("event", { procs: 6, rounds: 3, delay: 60 });
  const result = resultOf<EventResult>(play);
  expect(result.signals).toBe(3);
  expect(result.woken + result.passedAtOnce).toBe(3 * 5);
  expect(result.passedAtOnce).toBeGreaterThanOrEqual(3);
  expect(result.wakeMs.least).toBeGreaterThan(0);
  expect(result.perLane).not.toContainKey("P6");
  expect(play.outcome.answer).toBe("all");
  expect(existsSync(join(dir, "go.event"))).toBe(false);
});

test("event: who goes on can be seen working, and who comes late never waits for it", async () => {
  const [delay, work] = [60, 40];
  const { recording } = await playedIn("event", { procs: 4, rounds: 2, delay, work });
  const of = (lane: string) => recording.events().filter((event) => event.lane === lane);
  for (const lane of ["P2", "P3", "P4"]) {
    const own = of(lane);
    const wentOn = own.flatMap((event, i) => (event.type === "run" && event.text === onText ? [i] : []));
    expect(wentOn).toHaveLength(2);
    for (const i of wentOn) {
      const spans = own.slice(i).map(({ t }, at, all) => (all[at + 1]?.t ?? t) - t);
      expect(Math.max(...spans)).toBeGreaterThanOrEqual(work - 1); // timers round to whole ms
    }
  }
  expect(of("P4").some(({ type }) => type === "wait")).toBe(true); // for the others, at the barrier
  expect(of("P4").some((event) => event.type === "wait" && event.on === "go.event")).toBe(false);
});

test.each([
  { procs: 3, rounds: 1, delay: 0 },
  { procs: 16, rounds: 1, delay: 10 },
])("event with %o", async (params) => {
  expect(resultOf<EventResult>(await played("event", params)).signals).toBe(params.rounds);
});

test.each([
  ["semaphore", { work: 5 }],
  ["queue", { items: 3 }],
  ["barrier", { work: 2 }],
  ["event", { delay: 5 }],
] as const)("%s played twice in one folder", async (name, params) => {
  for (let i = 0; i < 2; i++) resultOf(await playedIn(name, params));
});

const isWaiting = (seen: Recording) => seen.of("wait").length > 0;

test.each([
  ["semaphore", { work: 10_000 }],
  ["queue", { items: 1_000, work: 1_000 }],
  ["barrier", { work: 1_000 }],
  ["event", { delay: 5_000 }],
] as const)("%s, left while some wait, leaves nothing behind", async (name, params) => {
  const { recording, left } = await abandoned(name, params, isWaiting);
  expect(pidsOf(recording).length).toBeGreaterThan(0);
  expect(pidsOf(recording).filter(isRunning)).toEqual([]);
  expect(left.filter((name) => !/^lanes-\d+$/.test(name))).toEqual([]); // but for the lock's turnstiles
});
