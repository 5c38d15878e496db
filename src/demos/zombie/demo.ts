/**
 * Demo `zombie`: a process that has exited stays in the kernel's table, in state Z, until its parent has asked how. Here a
 * parent cannot ask, because it is stopped (SIGSTOP); then it goes on and asks. Another one is killed instead.
 */

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kernelView, type Vitals, vitalsOf } from "../../os/process/process-table.ts";
import { toThousandth } from "../../os/units.ts";
import { signalTarget } from "../../process/guard/groups.ts";
import { currentProcess, defineTarget, Process } from "../../process/index.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { continueProcess, stopProcess } from "../stopping.ts";
import { happened, holds } from "../witness.ts";
import {
  EXIT_CODE,
  type Orphaned,
  PATIENCE_MS,
  type ZombieResult,
  zombieAnswer,
  zombieChecks,
  zombieFacts,
  zombiePictures,
} from "./report.ts";

/** A child and its parent, which started it; `end` is the file that lets the child exit. */
interface Pair {
  readonly parent: Process;
  readonly pid: number;
  readonly lane: string;
  readonly end: string;
}

// show
const child = defineTarget("zombie#child", async (end: string) => {
  while (!existsSync(end)) await Bun.sleep(5);
  process.exitCode = EXIT_CODE;
});

const parent = defineTarget("zombie#parent", async (end: string) => {
  const me = currentProcess();
  const started = new Process({ target: child, args: [end], name: `${me.name}.1` }).start();
  me.send(started.pid);
  me.emit({ type: "join", on: started.name });
  await started.join(); // asks the kernel as soon as the child has exited, unless this process is stopped
  me.emit({ type: "run" });
  return started.exitCode;
});

/** A child exits while its parent is stopped. Resolves to what the kernel has of it then. */
async function becomeZombie(stage: Stage, { parent, pid, lane, end }: Pair): Promise<Vitals | null> {
  await stopProcess(stage, parent); // SIGSTOP
  writeFileSync(end, "");
  const isZombie = await holds(stage, () => kernelView(pid)?.zombie ?? true);
  const seen = vitalsOf(pid);
  if (isZombie && seen !== null) stage.recording.emit({ type: "zombie" }, { lane, pid, ppid: seen.ppid });
  return seen;
}

/** What is left of it is sent SIGKILL; then its parent may go on, and asks. */
async function collect(stage: Stage, { parent, pid }: Pair) {
  await stage.or(Bun.sleep(stage.number("work")), "timer");
  const killTaken = signalTarget(pid, "SIGKILL"); // there is nothing left that could be killed
  await stage.or(Bun.sleep(stage.number("work")), "timer");
  const killed = vitalsOf(pid);
  const fromMs = stage.recording.elapsedMs;
  await continueProcess(stage, parent); // SIGCONT
  const isGone = await holds(stage, () => vitalsOf(pid) === null, PATIENCE_MS);
  const collectedMs = isGone ? toThousandth(stage.recording.elapsedMs - fromMs) : null;
  await stage.join([parent]);
  return { killTaken, killed, collectedMs, collected: vitalsOf(pid) };
}
// end

/** A parent and its child, both past their first line. */
async function startPair(stage: Stage): Promise<Pair> {
  const end = join(stage.dir, `end-${stage.processes.length + 1}`);
  stage.tidyUp(() => rmSync(end, { force: true }));
  rmSync(end, { force: true });
  const process = stage.process(parent, [end]).start();
  const pid = (await stage.or(process.receive())) as number;
  const isReady = () => stage.recording.of("ready").some((event) => event.pid === pid);
  await happened(stage, process, isReady);
  return { parent: process, pid, lane: `${process.name}.1`, end };
}

/** The parent of a zombie is killed: whose is it then, and does that one ask? */
async function orphan(stage: Stage, { parent, pid, lane }: Pair): Promise<Orphaned> {
  const before = parent.pid ?? 0;
  const zombie = vitalsOf(pid)?.state === "Z";
  await stage.or(Bun.sleep(stage.number("work")), "timer");
  const adopters = new Map<number, string>();
  const isGone = () => {
    const view = kernelView(pid);
    if (view !== null && view.ppid !== before) adopters.set(view.ppid, kernelView(view.ppid)?.name ?? "?");
    return view === null;
  };
  const fromMs = stage.recording.elapsedMs;
  parent.kill();
  const gone = await holds(stage, isGone, PATIENCE_MS);
  const goneMs = gone ? toThousandth(stage.recording.elapsedMs - fromMs) : null;
  await stage.join([parent]);
  if (gone) stage.recording.emit({ type: "exit", code: null, signal: null }, { lane, pid, ppid: before });
  const [adopter] = [...adopters].map(([pid, name]) => ({ pid, name }));
  return { pid, before, adopter: adopter ?? null, goneMs, zombie };
}

export const demo: Demo<ZombieResult> = {
  name: "zombie",
  params: [{ kind: "number", name: "work", min: 0, max: 3_000, default: 300, unit: "ms" }],
  prediction: { choices: ["gone", "killed", "stays"] },
  code: codeOf("zombie"),
  marks: [
    { type: "join", line: "await started.join()" },
    { type: "stopped", line: "await started.join()" },
    { type: "zombie", generation: 2, line: "process.exitCode = EXIT_CODE" },
    { type: "join", generation: 0, line: "await stage.join([parent])" },
  ],
  command:
    "lanes run --shell 'sleep 0.1 & exec sleep {}' ::: 3 & until ps -eo pid,ppid,stat,comm | grep 'Z.*sleep' || ! kill -0 $!; do sleep 0.1; done; wait",
  async play(stage) {
    const pair = await startPair(stage);
    const { pid, parent, lane } = pair;
    await stage.or(Bun.sleep(stage.number("work")), "timer");
    const alive = vitalsOf(pid);
    const exited = await becomeZombie(stage, pair);
    const { killed, killTaken, collected, collectedMs } = await collect(stage, pair);

    const second = await startPair(stage);
    await becomeZombie(stage, second);
    const orphaned = await orphan(stage, second);

    const moment = (type: "zombie" | "exit") =>
      stage.recording.of(type).find((event) => event.lane === lane && event.pid === pid)?.t;
    const [fromMs, toMs] = [moment("zombie"), moment("exit")];
    const looks = { alive, exited, killed, collected };
    const result: ZombieResult = {
      pid,
      parentPid: parent.pid ?? 0,
      looks,
      killTaken,
      zombieMs: fromMs === undefined || toMs === undefined ? null : toThousandth(toMs - fromMs),
      collectedMs,
      exitCode: typeof parent.result === "number" ? parent.result : null,
      orphaned,
    };
    return {
      result,
      facts: zombieFacts(result),
      checks: zombieChecks(result),
      pictures: zombiePictures(result),
      answer: zombieAnswer(looks),
      suggestion: { work: Math.min(3_000, Math.max(1, stage.number("work")) * 4) },
    };
  },
};
