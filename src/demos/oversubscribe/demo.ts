/**
 * Demo `oversubscribe`: the same work by 1, 2, as many processes as cores, and up to eight times as many. What the kernel does
 * then is counted by the kernel: how often it took a core away from a process that wanted to go on. Runs of all counts are
 * interleaved and the fastest of each counts, as in the demo `speedup`, whose work it is.
 */
import { availableParallelism } from "node:os";
import { usableCores } from "../../os/cores.ts";
import { procPath } from "../../os/platform.ts";
import { currentProcess, defineTarget, type Process } from "../../process/index.ts";
import { nowMs } from "../../recording/clock.ts";
import { maxOverlap, workOf } from "../analysis/intervals.ts";
import { sum } from "../analysis/numbers.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import { hitsOf, shares } from "../speedup/demo.ts";
import type { Stage } from "../stage.ts";
import {
  crowdPoint,
  crowdsUpTo,
  isPossible,
  type OversubscribedRun,
  type OversubscribeResult,
  oversubscribeAnswer,
  oversubscribeFacts,
  oversubscribePictures,
  oversubscribeResult,
  oversubscribeWhy,
  type Share,
} from "./report.ts";

/** Throws `from` to `to` of the darts of the demo `speedup`. */
interface Job {
  readonly from: number;
  readonly to: number;
}

/** How many equal parts of its share a process notes the time of. */
const PARTS = 20;

// show
/** Does a share of the work, and notes how far it was when, and how often it had to leave its core meanwhile. */
function compute({ from, to }: Job): Share {
  const [beginMs, begin] = [nowMs(), process.resourceUsage()];
  const doneMs: number[] = [];
  let hits = 0;
  for (const part of shares(from, to, Math.min(PARTS, to - from))) {
    hits += hitsOf(part.from, part.to);
    doneMs.push(nowMs());
  }
  const end = process.resourceUsage();
  return {
    hits,
    doneMs,
    ms: nowMs() - beginMs,
    cpuMs: (end.userCPUTime - begin.userCPUTime + end.systemCPUTime - begin.systemCPUTime) / 1e3,
    voluntary: end.voluntaryContextSwitches - begin.voluntaryContextSwitches, // it waited
    involuntary: end.involuntaryContextSwitches - begin.involuntaryContextSwitches, // it was another's turn
  };
}

/** Gives each waiting process an equal share of the same work; ends when the last one is through. */
async function measure(stage: Stage, workers: Process[], throws: number): Promise<OversubscribedRun> {
  const beginMs = nowMs();
  shares(0, throws, workers.length).forEach((share, i) => void workers[i]?.send(share));
  const done = (await Promise.all(workers.map((worker) => stage.or(worker.receive())))) as Share[];
  return { ms: nowMs() - beginMs, shares: done };
}
// end

const worker = defineTarget("oversubscribe#worker", async () => {
  const me = currentProcess();
  for (let job = await nextJob(); job !== null; job = await nextJob()) {
    me.emit({ type: "run" });
    me.flush(); // now: once it computes, nothing else happens in this process
    const share = compute(job);
    me.emit({ type: "wait", on: "work" });
    me.send(share);
  }
  me.send(await memoryMb());
  await me.receive(); // until all have looked
});

async function nextJob(): Promise<Job | null> {
  return (await currentProcess().receive()) as Job | null;
}

/** What this process takes of the machine's memory, MB: its part of what it shares, or all of it where nobody tells. */
async function memoryMb(): Promise<number> {
  const shared = await Bun.file(procPath("self/smaps_rollup"))
    .text()
    .catch(() => "");
  const kb = /^Pss:\s+(\d+) kB/m.exec(shared)?.[1];
  return kb === undefined ? process.memoryUsage.rss() / 1e6 : (Number(kb) * 1024) / 1e6;
}

/** Starts the processes, lets each compile the loop, and finds how many throws take one of them `cpu` ms of a core. */
async function getReady(stage: Stage): Promise<{ workers: Process[]; throws: number }> {
  const workers = Array.from({ length: stage.number("procs") }, () => stage.process(worker, []).start());
  const each = 300;
  for (let i = 0; i < 2; i++) await measure(stage, workers, (each / 3) * workers.length);
  const tries: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { shares } = await measure(stage, workers.slice(0, 1), each);
    tries.push(sum(shares.map(({ cpuMs }) => cpuMs)));
  }
  const cpuMs = Math.max(1e-3, Math.min(...tries));
  return { workers, throws: Math.max(workers.length, Math.round((each * stage.number("cpu")) / cpuMs)) };
}

/** How many processes were in the middle of their work at one and the same moment, by the record. */
function atWorkAtOnce(stage: Stage, fromMs: number): number {
  const events = stage.recording.events().filter(({ lane, t }) => lane !== "main" && t >= fromMs);
  return maxOverlap(workOf(events));
}

const cores = usableCores();

export const demo: Demo<OversubscribeResult> = {
  name: "oversubscribe",
  params: [
    {
      kind: "number",
      name: "procs",
      min: cores + 1,
      max: Math.max(64, 4 * cores),
      default: Math.min(8 * cores, Math.max(32, 2 * cores)),
    },
    { kind: "number", name: "cpu", min: 50, max: 10_000, default: 200, unit: "ms" },
    { kind: "number", name: "samples", min: 1, max: 50, default: 2 },
  ],
  prediction: { choices: ["sooner", "same", "later"] },
  code: codeOf("oversubscribe"),
  command: "for j in 1 100% 800%; do lanes run -j $j awk 'BEGIN { while (n++ < 1e6); }' ::: $(seq 16); done",
  async play(stage) {
    const { workers, throws } = await getReady(stage);
    const fromMs = stage.recording.elapsedMs;
    const counts = crowdsUpTo(stage.number("procs"), cores);
    const runs = counts.map((): OversubscribedRun[] => []);
    for (let run = 0; run < stage.number("samples"); run++) {
      for (const [i, count] of counts.entries()) runs[i]?.push(await measure(stage, workers.slice(0, count), throws));
    }
    for (const each of workers) each.send(null);
    const memory = (await Promise.all(workers.map((each) => stage.or(each.receive())))) as number[];
    for (const each of workers) each.send("go");
    await stage.join(workers);

    const oneMs = Math.min(...(runs[0] ?? []).map(({ ms }) => ms));
    const points = counts.map((count, i) =>
      crowdPoint(runs[i] ?? [], oneMs, availableParallelism(), sum(memory.slice(0, count))),
    );
    const result = oversubscribeResult(points, cores, atWorkAtOnce(stage, fromMs));
    const answers = new Set(runs.flat().map((run) => sum(run.shares.map(({ hits }) => hits))));
    return {
      result,
      facts: oversubscribeFacts(result),
      headline: "demo.oversubscribe.fact.most",
      checks: [
        { label: "demo.speedup.check.same", ok: answers.size === 1 },
        { label: "demo.oversubscribe.check.atOnce", ok: result.atOnce > cores },
        { label: "demo.oversubscribe.check.possible", ok: isPossible(result) },
        { label: "demo.check.exit", ok: workers.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: oversubscribePictures(result),
      ...(result.disturbed ? {} : { answer: oversubscribeAnswer(result) }),
      ...oversubscribeWhy(result),
      suggestion: { cpu: Math.min(10_000, stage.number("cpu") * 3) },
    };
  },
};
