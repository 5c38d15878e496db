/**
 * Demo `speedup`: the same computation on 1, 2, … processes, and as async tasks in one. Measured is the work: from the
 * moment the parent tells waiting, warmed-up processes to begin until it has the last one's answer, messages included;
 * starting the processes is not, and is shown beside it. Runs of all counts are interleaved, and the fastest of each
 * counts: whatever else the machine does can only add time. How much it added is known from the CPU time of the processes,
 * and said.
 */

import { setImmediate as yieldToOthers } from "node:timers/promises";
import { usableCores } from "../../os/cores.ts";
import { toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget, type Process } from "../../process/index.ts";
import { nowMs } from "../../recording/clock.ts";
import { maxOverlap, workOf } from "../analysis/intervals.ts";
import { sum } from "../analysis/numbers.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import {
  answerOf,
  isDisturbed,
  pointOf,
  pointsUpTo,
  type SpeedupResult,
  type SpeedupRun,
  serialShareOf,
  speedupFacts,
  speedupPictures,
  speedupWhy,
} from "./report.ts";

/** A share of the work: throws `from` to `to`, as so many async tasks. */
interface Job {
  readonly from: number;
  readonly to: number;
  readonly tasks: number;
}

/** What came of a share, and what it took: time, and of that the time in which the process had a core. */
interface Answer {
  readonly hits: number;
  readonly ms: number;
  readonly cpuMs: number;
}

// show
/** Each throw: 10,000 darts at a square. How many hit the circle in it (hits / darts = π / 4)? */
export function hitsOf(from: number, to: number): number {
  let hits = 0;
  for (let n = from; n < to; n++) {
    let random = (n * 2654435761 + 1) >>> 0 || 1; // a seed for each throw: the answer is the same, whoever throws
    for (let dart = 0; dart < 10_000; dart++) {
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      const x = (random >>> 16) / 65_536;
      const y = (random & 65_535) / 65_536;
      if (x * x + y * y < 1) hits += 1;
    }
  }
  return hits;
}

const worker = defineTarget("speedup#worker", async () => {
  const me = currentProcess();
  for (let job = await nextJob(); job !== null; job = await nextJob()) {
    me.emit({ type: "run" });
    me.flush(); // now: once it computes, nothing else happens in this process
    const answer = await timed(() => (job.tasks > 1 ? hitsOfTasks(job) : hitsOf(job.from, job.to)));
    me.emit({ type: "wait", on: "work" });
    me.send(answer);
  }
});

/** Gives each waiting process an equal share; ends when the last answer is there. */
async function measure(stage: Stage, workers: Process[], throws: number, tasks = 1): Promise<SpeedupRun> {
  const beginMs = nowMs();
  shares(0, throws, workers.length).forEach((share, i) => void workers[i]?.send({ ...share, tasks }));
  const answers = (await Promise.all(workers.map((worker) => stage.or(worker.receive())))) as Answer[];
  const ms = nowMs() - beginMs;
  const coreShare = Math.min(1, ...answers.map((answer) => answer.cpuMs / answer.ms));
  return { ms, hits: sum(answers.map(({ hits }) => hits)), cpuMs: sum(answers.map(({ cpuMs }) => cpuMs)), coreShare };
}
// end

async function nextJob(): Promise<Job | null> {
  return (await currentProcess().receive()) as Job | null;
}

async function timed(work: () => number | Promise<number>): Promise<Answer> {
  const [beginMs, begin] = [nowMs(), process.cpuUsage()];
  const hits = await work();
  const { user, system } = process.cpuUsage(begin);
  return { hits, ms: nowMs() - beginMs, cpuMs: (user + system) / 1e3 };
}

/** The work as concurrent async tasks of this one process, which await now and then so that the others get their turn. */
async function hitsOfTasks({ from, to, tasks }: Job): Promise<number> {
  const task = async (share: { from: number; to: number }) => {
    let hits = 0;
    for (let n = share.from; n < share.to; n += 16) {
      hits += hitsOf(n, Math.min(n + 16, share.to));
      await yieldToOthers();
    }
    return hits;
  };
  return sum(await Promise.all(shares(from, to, tasks).map(task)));
}

/** Cuts a range into equal parts. */
export function shares(from: number, to: number, parts: number): { from: number; to: number }[] {
  const cut = (i: number) => from + Math.round(((to - from) * i) / parts);
  return Array.from({ length: parts }, (_, i) => ({ from: cut(i), to: cut(i + 1) }));
}

/**
 * Starts the processes, lets each compile the loop, and finds how many throws take one of them `cpu` ms: of CPU time, which
 * does not count the time in which others had the core.
 */
async function getReady(stage: Stage): Promise<{ workers: Process[]; throws: number }> {
  const workers = Array.from({ length: stage.number("procs") }, () => stage.process(worker, []).start());
  const each = 300;
  for (let i = 0; i < 2; i++) await measure(stage, workers, each * workers.length);
  const tries: number[] = [];
  for (let i = 0; i < 3; i++) tries.push((await measure(stage, workers.slice(0, 1), each)).cpuMs);
  const cpuMs = Math.max(1e-3, Math.min(...tries));
  return { workers, throws: Math.max(workers.length, Math.round((each * stage.number("cpu")) / cpuMs)) };
}

/** How many processes computed at one and the same moment, by the record. */
function computingAtOnce(stage: Stage, pids: ReadonlySet<number | null>): number {
  const events = stage.recording.events().filter(({ pid }) => pids.has(pid));
  return maxOverlap(workOf(events));
}

const cores = usableCores();

export const demo: Demo<SpeedupResult> = {
  name: "speedup",
  params: [
    { kind: "number", name: "procs", min: 1, max: Math.max(64, cores + 1), default: cores + 1 },
    { kind: "number", name: "cpu", min: 20, max: 10_000, default: 200, unit: "ms" },
    { kind: "number", name: "samples", min: 1, max: 50, default: 3 },
  ],
  prediction: { choices: ["double", "some", "none", "slower"] },
  code: codeOf("speedup"),
  command: "lanes map --new work.ts && lanes map work.ts 1 2 3 4",
  measures: ({ points, asyncMs, serialShare }) => ({
    speedup: Math.max(...points.map(({ speedup }) => speedup)),
    asyncMs,
    serialShare,
  }),
  async play(stage) {
    const { workers, throws } = await getReady(stage);
    const counts = pointsUpTo(stage.number("procs"), cores);
    const runs = counts.map((): SpeedupRun[] => []);
    const asyncRuns: SpeedupRun[] = [];
    const asyncTasks = Math.max(2, cores);
    for (let run = 0; run < stage.number("samples"); run++) {
      for (const [i, count] of counts.entries()) runs[i]?.push(await measure(stage, workers.slice(0, count), throws));
      asyncRuns.push(await measure(stage, workers.slice(0, 1), throws, asyncTasks));
    }
    for (const each of workers) each.send(null);
    await stage.join(workers);

    const oneMs = Math.min(...(runs[0] ?? []).map(({ ms }) => ms));
    const points = counts.map((procs, i) => pointOf(procs, runs[i] ?? [], oneMs));
    const asyncMs = toThousandth(Math.min(...asyncRuns.map(({ ms }) => ms)));
    const disturbed = isDisturbed(points, cores);
    const result = { cores, points, asyncMs, asyncTasks, serialShare: serialShareOf(points, cores), disturbed };
    const answers = new Set([...runs.flat(), ...asyncRuns].map(({ hits }) => hits));
    return {
      result,
      facts: speedupFacts(result, workers),
      headline: "demo.speedup.fact.full",
      checks: [
        { label: "demo.speedup.check.same", ok: answers.size === 1 },
        ...(workers.length === 1
          ? []
          : [
              {
                label: "demo.speedup.check.atOnce",
                ok: computingAtOnce(stage, new Set(workers.map(({ pid }) => pid))) >= 2,
              } as const,
            ]),
        { label: "demo.check.exit", ok: workers.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: speedupPictures(result),
      ...(disturbed ? {} : answerOf(points)), // what says nothing proves nobody wrong
      ...speedupWhy(result),
      suggestion: { procs: Math.max(2, cores * 2) },
    };
  },
};
