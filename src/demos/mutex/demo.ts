/**
 * Demo `mutex`: the same additions to data.json without and with the lock, in turns, by the same processes. Nothing is
 * lost under the lock, never more than one process holds it by the record, and it costs time: how much is measured.
 */
import { toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget, type Process } from "../../process/index.ts";
import { maxOverlap } from "../analysis/intervals.ts";
import { median } from "../analysis/numbers.ts";
import { counterFile, readCount, SharedCounter, writeCount } from "../counterfile.ts";
import type { Demo, Params } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { holdsOf, tidyLocks, underLock, waitsOf } from "../underlock.ts";
import { LOCKED_COUNT, type MutexResult, type MutexRun, mutexFacts, mutexPictures, slowdown } from "./report.ts";

// show
async function addOne(shared: SharedCounter, round: number, gap: number) {
  const count = await shared.read(round); // 1. read
  if (gap > 0) await Bun.sleep(gap); //      2. think
  shared.write(count + 1, round); //         3. write
}

const worker = defineTarget("mutex#worker", async (file: string, rounds: number, gap: number) => {
  const shared = new SharedCounter(file);
  for (let locked = await myTurn(); locked !== null; locked = await myTurn()) {
    for (let round = 1; round <= rounds; round++) {
      if (locked) await underLock(file, () => addOne(shared, round, gap));
      else await addOne(shared, round, gap);
    }
  }
});

async function run(stage: Stage, workers: Process[], file: string, locked: boolean): Promise<MutexRun> {
  writeCount(file, 0);
  stage.recording.emit({ type: "write", value: 0 });
  const fromMs = stage.recording.elapsedMs;
  for (const worker of workers) worker.send(locked);
  for (const worker of workers) await stage.or(worker.receive()); // it is ready for the next run
  const toMs = stage.recording.elapsedMs;
  return { locked, fromMs, toMs, count: readCount(file) ?? 0 };
}
// end

/** Tells the parent that this process has nothing to do; returns whether the next run is locked, null if there is none. */
async function myTurn(): Promise<boolean | null> {
  const me = currentProcess();
  me.emit({ type: "wait", on: "work" });
  me.send("ready");
  const locked = (await me.receive()) as boolean | null;
  me.emit({ type: "run" });
  return locked;
}

const expectedOf = (params: Params) => Number(params.procs) * Number(params.rounds);

export const demo: Demo<MutexResult> = {
  name: "mutex",
  params: [
    { kind: "number", name: "procs", min: 1, max: 64, default: 4 },
    { kind: "number", name: "rounds", min: 1, max: 10_000, default: 50 },
    { kind: "number", name: "gap", min: 0, max: 1_000, default: 2, unit: "ms" },
    { kind: "number", name: "samples", min: 1, max: 50, default: 3 },
  ],
  prediction: { choices: ["hardly", "less", "times", "more"] },
  code: codeOf("mutex"),
  command: LOCKED_COUNT,
  marks: [
    { type: "wait", on: "work", line: "locked = await myTurn()" },
    { type: "wait", line: "if (locked) await underLock" },
    { type: "hold", line: "if (locked) await underLock" },
    { type: "read", line: "1. read" },
    { type: "write", line: "3. write" },
    { type: "release", line: "if (locked) await underLock" },
    { type: "write", generation: 0, line: 'stage.recording.emit({ type: "write", value: 0 })' },
  ],
  shared: { label: "data.json count", expected: expectedOf },
  async play(stage) {
    const [procs, rounds, gap] = [stage.number("procs"), stage.number("rounds"), stage.number("gap")];
    const file = counterFile(stage.dir);
    tidyLocks(stage, `${file}.lock`);
    const workers = Array.from({ length: procs }, () => stage.process(worker, [file, rounds, gap]).start());
    for (const each of workers) await stage.or(each.receive());
    const runs: MutexRun[] = [];
    for (let i = 0; i < stage.number("samples"); i++) {
      for (const locked of [false, true]) {
        stage.recording.emit({
          type: "run",
          text: `lock ${locked ? "on" : "off"} ${i + 1}/${stage.number("samples")}`,
        });
        runs.push(await run(stage, workers, file, locked));
      }
    }
    for (const each of workers) each.send(null);
    await stage.join(workers);

    const events = stage.recording.events();
    const [locked, unlocked] = [true, false].map((kind) => runs.filter((run) => run.locked === kind)) as [
      MutexRun[],
      MutexRun[],
    ];
    const ms = (run: MutexRun | undefined) => (run === undefined ? Number.NaN : run.toMs - run.fromMs);
    const ratios = locked.map((run, i) => toThousandth(ms(run) / ms(unlocked[i])));
    const [expected, holds, waits] = [expectedOf(stage.params), holdsOf(events), waitsOf(events)];
    const actual = Math.min(...locked.map(({ count }) => count));
    const result: MutexResult = {
      expected,
      actual,
      lost: expected - actual,
      maxHolders: maxOverlap(holds),
      unlockedMs: toThousandth(median(unlocked.map(ms))),
      lockedMs: toThousandth(median(locked.map(ms))),
      costRatio: toThousandth(median(ratios)),
      costRatios: ratios,
      unlockedLost: unlocked.map(({ count }) => expected - count),
    };
    return {
      result,
      facts: mutexFacts(result, waits),
      headline: "demo.mutex.fact.cost",
      checks: [
        { label: "demo.mutex.check.nothingLost", ok: locked.every(({ count }) => count === expected) },
        { label: "demo.mutex.check.oneHolder", ok: result.maxHolders === 1 },
        { label: "demo.mutex.check.eachHeld", ok: holds.length === expected * locked.length },
        { label: "demo.check.exit", ok: workers.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: mutexPictures(runs, workers, { holds, waits }),
      answer: slowdown(result.costRatio, procs),
      suggestion: { procs: Math.min(procs * 2, 64) },
    };
  },
};
