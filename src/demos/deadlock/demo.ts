/**
 * Demo `deadlock`: processes in a ring, a lock between any two neighbours. Each takes its first lock, and once all have one
 * (a barrier sees to that) each asks for its second, which its neighbour has: by the lock files' owner records everybody
 * waits for the next, in a circle. Only giving up ends that. Then the same work with the locks taken in one order.
 */

import { basename, join } from "node:path";
import { ExitCode, LanesError } from "../../errors.ts";
import { status } from "../../lock/index.ts";
import { toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget, type Process } from "../../process/index.ts";
import type { Span } from "../analysis/intervals.ts";
import { findCycle, type WaitingProcess } from "../analysis/wait-cycle.ts";
import type { Demo } from "../define.ts";
import { waitForParent } from "../gate.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { takeLock, tidyLocks } from "../underlock.ts";
import { lockRecord } from "./record.ts";
import { type DeadlockResult, deadlockFacts, deadlockPictures } from "./report.ts";

/** What a process is to do: two locks to take in this order, and how long to wait for the second one (ms; none: for ever). */
interface Job {
  readonly locks: readonly [first: string, second: string];
  readonly patience?: number;
  /** Whether all have to hold their first lock before anybody asks for its second. */
  readonly meet: boolean;
}

// show
/** Works with both locks in hand. False: the second one did not come in time; by then the first is given back too. */
async function withBoth({ locks: [first, second], patience, meet }: Job, work: number): Promise<boolean> {
  using _first = await takeLock(first);
  if (meet) await barrier(); // now every process holds one
  try {
    using _second = await takeLock(second, { wait: patience, onWait: () => currentProcess().send(second) });
    await Bun.sleep(work);
    return true;
  } catch (error) {
    if (isTimeout(error)) return false;
    throw error;
  }
}

/** Everybody asks for what the next one has: by the owner records, who waits for whom? */
async function tangle(stage: Stage, workers: Process[], ring: Job["locks"][]) {
  const patience = stage.number("patience");
  for (const [i, worker] of workers.entries()) worker.send({ locks: ring[i], patience, meet: true });
  for (const worker of workers) await stage.or(worker.receive()); // it holds its first lock
  for (const worker of workers) worker.send("go on");
  const words: unknown[] = [];
  for (const worker of workers) words.push(await stage.or(worker.receive())); // it waits for its second
  const cycle = findCycle(waitersOf(workers, words), ownersOf(ring.map(([first]) => first)));
  return { cycle, seenMs: stage.recording.elapsedMs, finished: await finishedOf(stage, workers, words) };
}

/** The same work, each pair of locks taken in alphabetical order: whoever has the last lock waits for nobody. */
async function order(stage: Stage, workers: Process[], ring: Job["locks"][]) {
  for (const [i, worker] of workers.entries()) worker.send({ locks: ring[i]?.toSorted(), meet: false });
  return finishedOf(stage, workers);
}
// end

const worker = defineTarget("deadlock#worker", async (work: number) => {
  const me = currentProcess();
  for (;;) {
    me.emit({ type: "wait", on: "work" });
    const job = (await me.receive()) as Job | null;
    me.emit({ type: "run" });
    if (job === null) return;
    me.send(await withBoth(job, work));
  }
});

/** Tells the parent that this process holds its first lock, and waits until the parent has heard that of all. */
const barrier = () => waitForParent("barrier");

const isTimeout = (error: unknown) => error instanceof LanesError && error.exitCode === ExitCode.notAcquired;

/** Those that said which lock they wait for; the others said that they are through. */
function waitersOf(workers: readonly Process[], words: readonly unknown[]): WaitingProcess[] {
  return workers.flatMap(({ name, pid }, i) => {
    const word = words[i];
    return typeof word === "string" ? [{ lane: name, pid: pid ?? 0, waitsFor: basename(word) }] : [];
  });
}

/** Which process holds which lock, as the lock files say. */
function ownersOf(locks: readonly string[]): Map<string, number> {
  return new Map(
    locks.flatMap((lock) => {
      const { state, owner } = status(lock);
      return state === "held" && owner !== null ? [[basename(lock), owner.pid]] : [];
    }),
  );
}

/** When all are through: the lanes that had both locks. `words`: what each has said last. */
async function finishedOf(stage: Stage, workers: readonly Process[], words: unknown[] = []): Promise<string[]> {
  for (const [i, worker] of workers.entries()) {
    while (typeof words[i] !== "boolean") words[i] = await stage.or(worker.receive());
  }
  return workers.filter((_, i) => words[i] === true).map(({ name }) => name);
}

export const demo: Demo<DeadlockResult> = {
  name: "deadlock",
  params: [
    { kind: "number", name: "procs", min: 2, max: 8, default: 2 },
    { kind: "number", name: "patience", min: 200, max: 10_000, default: 1_000, unit: "ms" },
    { kind: "number", name: "work", min: 0, max: 10_000, default: 100, unit: "ms" },
  ],
  prediction: { choices: ["all", "one", "none"] },
  code: codeOf("deadlock"),
  marks: [
    { type: "wait", on: "barrier", line: "if (meet) await barrier()" },
    { type: "wait", on: "work", line: null },
    { type: "wait", held: 0, line: "await takeLock(first)" },
    { type: "wait", held: 1, line: "await takeLock(second" },
    { type: "hold", held: 0, line: "await takeLock(first)" },
    { type: "hold", held: 1, line: "await takeLock(second" },
    { type: "release", after: "run", line: "return false;" },
    { type: "release", held: 2, line: "return true;" },
  ],
  command: "lanes run -j 2 lanes lock -w 5 a.lock lanes lock -w 5 b.lock echo {} has both ::: 1 2",
  async play(stage) {
    const procs = stage.number("procs");
    const names = [..."abcdefgh"].slice(0, procs).map((letter) => `${letter}.lock`);
    const files = names.map((name) => join(stage.dir, name));
    tidyLocks(stage, ...files);
    const ring = files.map((file, i): Job["locks"] => [file, files[(i + 1) % procs] ?? file]);
    const workers = files.map(() => stage.process(worker, [stage.number("work")]).start());
    const part = async <T>(play: () => Promise<T>): Promise<Span & { value: T }> => {
      const fromMs = stage.recording.elapsedMs;
      return { value: await play(), fromMs, toMs: stage.recording.elapsedMs };
    };
    const tangled = await part(() => tangle(stage, workers, ring));
    const ordered = await part(() => order(stage, workers, ring));
    for (const each of workers) each.send(null);
    await stage.join(workers);

    const { cycle, seenMs, finished } = tangled.value;
    const record = lockRecord(stage.recording.events(), names);
    const firstMs = Math.min(tangled.toMs, ...record.gaveUp.map(({ toMs }) => toMs)); // the first one to give up did so
    const waits = record.waits.filter(({ fromMs }) => fromMs < firstMs);
    const before = record.second.filter(({ fromMs }) => fromMs < firstMs);
    const vain = new Set(record.gaveUp.map(({ lane }) => lane));
    const timedOut = workers.map(({ name }) => name).filter((name) => !finished.includes(name));
    const result: DeadlockResult = {
      cycle,
      timedOut,
      finished,
      stuckMs: toThousandth(firstMs - Math.max(tangled.fromMs, ...waits.map(({ fromMs }) => fromMs))),
      orderedFinished: ordered.value,
      orderedMs: toThousandth(ordered.toMs - ordered.fromMs),
      maxHolders: record.maxHolders,
    };
    return {
      result,
      facts: deadlockFacts(result, procs),
      checks: [
        { label: "demo.deadlock.check.circle", ok: cycle.length === procs && seenMs < firstMs },
        { label: "demo.deadlock.check.stuck", ok: before.length === 0 && timedOut.length > 0 },
        {
          label: "demo.deadlock.check.timedOut",
          ok: vain.size === timedOut.length && timedOut.every((name) => vain.has(name)),
        },
        { label: "demo.deadlock.check.ordered", ok: ordered.value.length === procs },
        { label: "demo.deadlock.check.oneHolder", ok: record.maxHolders === 1 },
        { label: "demo.check.exit", ok: workers.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: deadlockPictures(cycle, { tangled, ordered }),
      answer: before.length === 0 ? "none" : before.length < procs ? "one" : "all",
      suggestion: { procs: procs === 5 ? 8 : 5 },
    };
  },
};
