/** Demo `concurrency`: processes that wait, one after another and then together: the sum against the longest. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText, toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget, type Process } from "../../process/index.ts";
import { nowMs } from "../../recording/clock.ts";
import { intervalsOf, maxOverlap } from "../analysis/intervals.ts";
import { sum } from "../analysis/numbers.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";

// show
const waitFor = defineTarget("concurrency#waitFor", async (ms: number) => {
  const me = currentProcess();
  me.emit({ type: "wait", on: "timer" });
  const fromMs = nowMs();
  await Bun.sleep(ms);
  const waitedMs = nowMs() - fromMs;
  me.emit({ type: "run" });
  return waitedMs;
});

async function oneAfterAnother(stage: Stage, children: Process[]) {
  for (const child of children) {
    child.start();
    await stage.join([child]); // the next one is not even created before this one has ended
  }
}

async function together(stage: Stage, children: Process[]) {
  for (const child of children) child.start();
  await stage.join(children);
}
// end

/** When a part of the demo began and ended, ms of the recording, and what its processes waited by their own clock. */
interface Part {
  readonly fromMs: number;
  readonly toMs: number;
  readonly waitedMs: readonly number[];
  readonly children: readonly Process[];
}

/** Plays one part on new processes; the first waits longest, so that ending in order of starting is not the same. */
async function part(stage: Stage, way: typeof together): Promise<Part> {
  const procs = stage.number("procs");
  const children = Array.from({ length: procs }, (_, i) =>
    stage.process(waitFor, [(procs - i) * stage.number("wait")]),
  );
  const fromMs = stage.recording.elapsedMs;
  await way(stage, children);
  const toMs = stage.recording.elapsedMs;
  return { fromMs, toMs, waitedMs: children.map(({ result }) => Number(result ?? 0)), children };
}

/** How many processes of a part were waiting at one and the same moment, by the record. */
function waitingAtOnce(stage: Stage, { children }: Part): number {
  const pids = new Set(children.map(({ pid }) => pid));
  const events = stage.recording.events().filter(({ pid }) => pids.has(pid));
  const waits = intervalsOf(
    events,
    ({ type }) => type === "wait",
    ({ type }) => type === "run",
  );
  return maxOverlap(waits);
}

const names = (children: readonly Process[]) => children.map(({ name }) => name).join(" ");

export interface ConcurrencyResult {
  readonly sequentialMs: number;
  readonly concurrentMs: number;
  /** The longest wait of the part together; the sum of the waits of the part one after another: as measured. */
  readonly longestMs: number;
  readonly sumMs: number;
  /** How many waited at the same moment in each part. */
  readonly atOnce: { readonly sequential: number; readonly concurrent: number };
}

export const demo: Demo<ConcurrencyResult> = {
  name: "concurrency",
  params: [
    { kind: "number", name: "procs", min: 1, max: 16, default: 4 },
    { kind: "number", name: "wait", min: 20, max: 2_000, default: 100, unit: "ms" },
  ],
  prediction: { choices: ["sum", "longest"] },
  code: codeOf("concurrency"),
  marks: [
    { type: "wait", on: "timer", line: "await Bun.sleep(ms)" },
    { type: "run", after: "wait", line: 'me.emit({ type: "run" })' },
  ],
  command: "lanes run -j 4 sleep {} ::: 0.4 0.3 0.2 0.1",
  async play(stage) {
    const first = await part(stage, oneAfterAnother);
    const second = await part(stage, together);
    const sequentialMs = toThousandth(first.toMs - first.fromMs);
    const concurrentMs = toThousandth(second.toMs - second.fromMs);
    const longestMs = toThousandth(Math.max(...second.waitedMs));
    const sumMs = toThousandth(sum(first.waitedMs));
    const atOnce = { sequential: waitingAtOnce(stage, first), concurrent: waitingAtOnce(stage, second) };
    const ended = second.children.toSorted((a, b) => (a.times.endMs ?? 0) - (b.times.endMs ?? 0));
    const children = [...first.children, ...second.children];
    const alone = stage.number("procs") === 1;
    return {
      result: { sequentialMs, concurrentMs, longestMs, sumMs, atOnce },
      facts: [
        {
          label: "demo.concurrency.fact.sequential",
          value: `${durationText(sequentialMs)} (Σ ${durationText(sumMs)})`,
        },
        {
          label: "demo.concurrency.fact.concurrent",
          value: `${durationText(concurrentMs)} (max ${durationText(longestMs)})`,
        },
        { label: "demo.concurrency.fact.started", value: names(second.children) },
        { label: "demo.concurrency.fact.ended", value: names(ended) },
      ],
      headline: "demo.concurrency.fact.concurrent",
      checks: [
        { label: "demo.concurrency.check.alone", ok: atOnce.sequential === 1 && sequentialMs >= sumMs },
        ...(alone
          ? []
          : [
              {
                label: "demo.concurrency.check.atOnce",
                ok: atOnce.concurrent > 1 && concurrentMs < sequentialMs,
              } as const,
            ]),
        { label: "demo.check.exit", ok: children.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: [
        {
          kind: "timelines",
          parts: [
            { title: phrase("demo.concurrency.part.sequential"), fromMs: first.fromMs, toMs: first.toMs },
            { title: phrase("demo.concurrency.part.concurrent"), fromMs: second.fromMs, toMs: second.toMs },
          ],
        },
      ],
      // One process's longest wait is the sum of all: nothing to tell apart.
      ...(alone ? {} : { answer: concurrentMs - longestMs < Math.abs(concurrentMs - sumMs) ? "longest" : "sum" }),
      suggestion: { procs: Math.min(stage.number("procs") * 2, 16) },
    };
  },
};
