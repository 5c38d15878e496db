/**
 * Demo `forkbomb`: what a missing main guard does. A program starts children, and each child runs the program again, from
 * its first line. Nothing in the program ends that; what ends it is the depth guard of process/reexec.ts, set to a few
 * generations.
 *
 * Always true: there are never more than MOST processes, by a second limit that does not know of the first: each process is
 * given the number of processes there may be below it, and shares that out. None lives longer than LIFE_MS, and all end
 * when lanes does, however that happens: each was started to die with its parent.
 */

import { LanesError } from "../../errors.ts";
import { kernelView } from "../../os/process/process-table.ts";
import { toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget, Process } from "../../process/index.ts";
import { childDepth, limitGenerations } from "../../process/reexec.ts";
import type { Happening } from "../../recording/event.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { happened, haveEnded } from "../witness.ts";
import { bombRecord, hasGrown, wasRefused } from "./record.ts";
import { type ForkbombResult, forkbombFacts, forkbombPictures } from "./report.ts";

/** Processes, the first included; no parameter can get beyond it. */
const MOST = 40;
/** However long it takes, ms. */
const LIFE_MS = 30_000;
const LIMIT_MS = 20_000;

interface Job {
  /** How many each starts. */
  readonly children: number;
  /** How long each works before that, ms. */
  readonly work: number;
  /** How many processes there may be below this one. */
  readonly allowance: number;
}

// show
/** The program. A helper is meant to run one function of it; without a main guard it runs all of it, this line too. */
const program = defineTarget("forkbomb#program", async (job: Job): Promise<void> => {
  const me = currentProcess();
  await Bun.sleep(job.work);
  try {
    const allowance = allowed(job);
    for (let i = 1; i <= job.children; i++) {
      new Process({ target: program, args: [{ ...job, allowance }], name: `${me.name}.${i}` }).start();
    }
    me.emit({ type: "join", on: `${me.name}.1` }); // waits for its children, as they do for theirs
  } catch (error) {
    me.emit(refusal(error)); // the guard: without it this would go on until the machine stands still
  }
  await untilKilled();
});

/** The same program, started by a person; the guard is told after how many generations to refuse. */
const first = defineTarget("forkbomb#first", (job: Job, generations: number) => {
  limitGenerations(generations - 1);
  return program(job);
});

/** Lets it grow until nobody can start anything any more; then kills the first one. */
async function explode(stage: Stage, job: Job, generations: number) {
  const root = stage.process(first, [job, generations]).start();
  stage.recording.emit({ type: "join", on: root.name });
  const look = () => bombRecord(stage.recording.events(), job.children);
  const atRest = () => {
    const { settled, broken } = look();
    return settled || broken;
  };
  await happened(stage, root, atRest, LIMIT_MS);
  const record = look();
  const seen = record.members.map((member) => ({ ...member, kernel: kernelView(member.pid) }));
  await stage.or(Bun.sleep(job.work), "timer");
  const killedMs = stage.recording.elapsedMs;
  root.kill(); // the first one only: the kernel ends the others, each when its parent has ended
  await stage.join([root]);
  const gone = await haveEnded(
    stage,
    record.members.map(({ pid }) => pid),
  );
  return { root, record, seen, gone, killedMs, goneMs: stage.recording.elapsedMs };
}
// end

/** What each child is given of the processes there may still be. @throws LanesError if there may be no more children. */
function allowed({ children, allowance }: Job): number {
  childDepth(); // the depth guard speaks first
  if (allowance < children) throw new LanesError("demo.forkbomb.error.total", { limit: MOST });
  return Math.floor((allowance - children) / children);
}

function refusal(error: unknown): Happening {
  const { message: text } = error as Error;
  const { key, params } = error instanceof LanesError ? error : { key: "", params: {} };
  const { depth = 0, limit = 0 } = params as { depth?: number; limit?: number };
  const by = key === "error.depth" ? "depth" : key === "demo.forkbomb.error.total" ? "total" : "system";
  return { type: "refused", by, depth, limit, text };
}

/** Does not end by itself, as a program that waits for its children would not; but after LIFE_MS, whatever happens. */
async function untilKilled(): Promise<void> {
  await Promise.race([currentProcess().receive(), Bun.sleep(LIFE_MS)]);
}

export const demo: Demo<ForkbombResult> = {
  name: "forkbomb",
  params: [
    { kind: "number", name: "children", min: 2, max: 3, default: 2 },
    { kind: "number", name: "generations", min: 2, max: 5, default: 4 },
    { kind: "number", name: "work", min: 0, max: 1_000, default: 150, unit: "ms" },
  ],
  prediction: { choices: ["first", "add", "multiply"] },
  code: codeOf("forkbomb"),
  marks: [
    { type: "join", generation: "any", line: 'me.emit({ type: "join"' },
    { type: "refused", generation: "any", line: "me.emit(refusal(error))" },
    { type: "join", generation: 0, after: "run", line: 'stage.recording.emit({ type: "join"' },
    { type: "join", generation: 0, line: "await stage.join([root])" },
  ],
  command:
    "echo 'echo generation $LANES_DEPTH; lanes run -q sh again.sh ::: x' >again.sh; lanes run -q sh again.sh ::: x || echo refused",
  async play(stage) {
    const [children, generations] = [stage.number("children"), stage.number("generations")];
    const job: Job = { children, work: stage.number("work"), allowance: MOST - 1 };
    const { root, record, seen, gone, killedMs, goneMs } = await explode(stage, job, generations);
    // Whose parent was killed leaves no exit code with anybody; that it has ended the kernel has said.
    const told = new Set(stage.recording.of("exit").map(({ pid }) => pid));
    for (const { lane, pid, ppid } of gone ? record.members.slice(1) : []) {
      if (!told.has(pid)) stage.recording.emit({ type: "exit", code: null, signal: null }, { lane, pid, ppid });
    }
    const { members, sizes, refusals } = record;
    const events = stage.recording.events();
    const firstLine = events.find(({ type, pid }) => type === "ready" && pid === root.pid)?.t ?? Number.NaN;
    const [refused] = refusals;
    const alive = seen.filter(({ kernel }) => kernel !== null && !kernel.zombie);
    const result: ForkbombResult = {
      processes: members.length,
      sizes,
      refused: {
        count: refusals.length,
        by: refused?.by ?? null,
        depth: refused?.depth ?? null,
        limit: refused?.limit ?? null,
        error: refused?.text ?? null,
      },
      aliveAtOnce: alive.length,
      unguarded: [10, 20].map((generation) => ({ generation, processes: total(children, generation) })),
      growMs: toThousandth((refusals.at(-1)?.t ?? Number.NaN) - firstLine),
      endMs: toThousandth(goneMs - killedMs),
      left: members.filter(({ pid }) => kernelView(pid)?.zombie === false).length,
      tree: seen.map(({ kernel, ...member }) => ({ ...member, kernelPpid: kernel?.ppid ?? null })),
    };
    return {
      result,
      facts: forkbombFacts(result, children, root),
      checks: [
        { label: "demo.forkbomb.check.grown", ok: hasGrown(record, children) && sizes.length <= generations },
        { label: "demo.forkbomb.check.refused", ok: record.settled && wasRefused(record) },
        {
          label: "demo.forkbomb.check.kernel",
          ok: alive.length === members.length && seen.every(({ kernel, ppid }) => kernel?.ppid === ppid),
        },
        { label: "demo.forkbomb.check.most", ok: members.length <= MOST },
        { label: "demo.forkbomb.check.gone", ok: gone && result.left === 0 && root.signal === "SIGKILL" },
      ],
      pictures: forkbombPictures(result),
      ...answerOf(sizes, children),
      suggestion: { generations: generations === 5 ? 4 : generations + 1 },
    };
  },
};

/** All processes up to a generation: 1 + c + c² + … */
const total = (children: number, generations: number) => (children ** generations - 1) / (children - 1);

/** Which of the prediction's choices came true; none where two generations leave nothing to tell apart. */
function answerOf(sizes: readonly number[], children: number): { answer?: string } {
  if (sizes.length === 2) return {};
  if (sizes.length < 2) return { answer: "first" };
  return { answer: sizes.slice(1).every((size) => size === children) ? "add" : "multiply" };
}
