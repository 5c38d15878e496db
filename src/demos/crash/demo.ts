/**
 * Demo `crash`: the holder of the lock is killed with SIGKILL halfway through its write. The kernel frees what the dead
 * process held, the next in line takes the lock file over at once, and data.json is whole, because nobody writes into it:
 * a new version is written beside it and put in its place in one step.
 */

import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type OwnerRecord, status } from "../../lock/index.ts";
import { toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget, type Process } from "../../process/index.ts";
import { maxOverlap } from "../analysis/intervals.ts";
import { counterFile, readCount, writeCount } from "../counterfile.ts";
import type { Demo, Params } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { holdsOf, tidyLocks, underLock } from "../underlock.ts";
import { type CrashResult, crashFacts, crashPictures } from "./report.ts";

// show
const addOne = defineTarget("crash#addOne", async (file: string, work: number, isToDie: boolean) => {
  const me = currentProcess();
  const add = async ({ recovered }: { recovered: OwnerRecord | null }) => {
    const count = readCount(file) ?? Number.NaN;
    me.emit({ type: "read", value: count });
    const text = JSON.stringify({ count: count + 1 });
    writeFileSync(`${file}.new`, text.slice(0, text.length / 2)); // beside data.json, never into it
    if (isToDie) await untilKilled();
    await Bun.sleep(work);
    appendFileSync(`${file}.new`, text.slice(text.length / 2));
    me.emit({ type: "write", value: count + 1 });
    renameSync(`${file}.new`, file); // one step: whoever reads sees the old data.json or the new one
    return recovered; // the dead holder's record, if the lock was taken over from one
  };
  return underLock(file, add, () => me.send("waiting"));
});

/** Kills the holder halfway through its write, with all others in line. */
async function killInside(stage: Stage, holder: Process, others: Process[], file: string) {
  holder.start();
  await stage.or(holder.receive()); // it is halfway
  for (const other of others) other.start();
  for (const other of others) await stage.or(other.receive()); // it waits
  await stage.or(Bun.sleep(stage.number("work")), "timer");
  const { owner } = status(`${file}.lock`);
  const killedMs = stage.recording.elapsedMs;
  holder.kill();
  await stage.join([holder, ...others]);
  return { owner, killedMs };
}
// end

/** Says that it is in the middle, and does nothing more. */
function untilKilled(): Promise<never> {
  currentProcess().send("halfway");
  return new Promise(() => {});
}

const survivorsOf = (params: Params) => Number(params.procs) - 1;

export const demo: Demo<CrashResult> = {
  name: "crash",
  params: [
    { kind: "number", name: "procs", min: 2, max: 64, default: 4 },
    { kind: "number", name: "work", min: 0, max: 10_000, default: 200, unit: "ms" },
  ],
  prediction: { choices: ["atOnce", "later", "never"] },
  code: codeOf("crash"),
  marks: [
    { type: "wait", line: "return underLock(" },
    { type: "hold", line: "return underLock(" },
    { type: "read", line: 'me.emit({ type: "read"' },
    { type: "write", line: 'me.emit({ type: "write"' },
    { type: "release", line: "return underLock(" },
    { type: "join", generation: 0, line: "await stage.join(" },
  ],
  command: "lanes lock job.lock -c 'kill -9 $PPID $$'; lanes lock --verbose job.lock echo mine now",
  shared: { label: "data.json count", expected: survivorsOf },
  async play(stage) {
    const file = counterFile(stage.dir);
    tidyLocks(stage, `${file}.lock`);
    stage.tidyUp(() => rmSync(`${file}.new`, { force: true }));
    writeCount(file, 0);
    stage.recording.emit({ type: "write", value: 0 });
    const holder = stage.process(addOne, [file, stage.number("work"), true]);
    const others = Array.from({ length: stage.number("procs") - 1 }, () =>
      stage.process(addOne, [file, stage.number("work"), false]),
    );
    const { owner, killedMs } = await killInside(stage, holder, others, file);

    const events = stage.recording.events();
    // The dead cannot record that they let go: the holder's time ends where it was killed.
    const holds = holdsOf(events).map((hold) => (hold.lane === holder.name ? { ...hold, toMs: killedMs } : hold));
    const next = holds.filter(({ lane }) => lane !== holder.name).toSorted((a, b) => a.fromMs - b.fromMs)[0];
    const nextProcess = others.find(({ name }) => name === next?.lane);
    const recovered = (nextProcess?.result ?? null) as OwnerRecord | null;
    const reads = events.filter((event) => event.type === "read").map(({ value }) => value);
    const count = readCount(file);
    const result: CrashResult = {
      killedPid: holder.pid ?? 0,
      nextPid: nextProcess?.pid ?? 0,
      recoveryMs: toThousandth((next?.fromMs ?? Number.NaN) - killedMs),
      // Each found what the one before had finished, the killed one's half left no trace, and nothing is missing.
      intact: count === others.length && reads.join() === [0, ...others.keys()].join(),
      expected: others.length,
      actual: count ?? 0,
      maxHolders: maxOverlap(holds),
      owner: recovered,
    };
    return {
      result,
      facts: crashFacts(result, holder, nextProcess),
      headline: "demo.crash.fact.recovery",
      checks: [
        { label: "demo.crash.check.killed", ok: holder.signal === "SIGKILL" },
        { label: "demo.crash.check.named", ok: owner?.pid === holder.pid },
        { label: "demo.crash.check.recovered", ok: recovered !== null && recovered.pid === holder.pid },
        { label: "demo.crash.check.oneHolder", ok: result.maxHolders === 1 && result.recoveryMs >= 0 },
        { label: "demo.crash.check.intact", ok: result.intact },
        { label: "demo.crash.check.exit", ok: others.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: crashPictures(recovered),
      answer: result.recoveryMs < 1_000 ? "atOnce" : "later",
      suggestion: { procs: Math.min(stage.number("procs") * 2, 64) },
    };
  },
};
