/**
 * Demo `barrier`: processes work through phases, and in every phase it is another one's turn to be slow. First each goes on as
 * it likes, and the fast ones run ahead; then with a barrier after each phase: by the record nobody begins a phase before the
 * last one has finished the one before. Nobody directs them: the barrier is a file they all append to.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { FileBarrier, makeBarrier } from "../../lock/coordination/barrier.ts";
import { slotFiles } from "../../lock/index.ts";
import { currentProcess, defineTarget } from "../../process/index.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { tidyLocks } from "../underlock.ts";
import {
  type BarrierResult,
  barrierChecks,
  barrierFacts,
  barrierPictures,
  barrierRecord,
  barrierResult,
  doneText,
  phaseText,
} from "./report.ts";

/** How much longer the slow one's work takes. */
const SLOW = 3;

// show
const work = defineTarget(
  "barrier#work",
  async (file: string, procs: number, me: number, rounds: number, ms: number) => {
    using barrier = FileBarrier.join(file, procs);
    for (const together of [false, true]) {
      await meet(barrier, "start");
      for (let phase = 1; phase <= rounds; phase++) {
        begin(phase);
        const isSlow = phase % procs === me;
        await Bun.sleep(isSlow ? SLOW * ms : ms);
        if (together) await meet(barrier, "barrier"); // nobody goes on before all have come
      }
      finish();
    }
    await meet(barrier, "end");
  },
);

async function play(stage: Stage, file: string) {
  const [procs, rounds, ms] = [stage.number("procs"), stage.number("rounds"), stage.number("work")];
  const workers = Array.from({ length: procs }, (_, i) => stage.process(work, [file, procs, i, rounds, ms]));
  for (const worker of workers) worker.start();
  await stage.join(workers); // and nothing else: they meet without their parent
  return workers;
}
// end

/** Comes to the barrier, and waits there, on the record: `wait` before it has come, `run` once all have. */
async function meet(barrier: FileBarrier, on: "start" | "barrier" | "end"): Promise<void> {
  const me = currentProcess();
  me.emit({ type: "wait", on });
  me.flush(); // before it may never go on
  await barrier.wait();
  me.emit({ type: "run" });
}

const begin = (phase: number) => currentProcess().emit({ type: "run", text: phaseText(phase) });
const finish = () => currentProcess().emit({ type: "run", text: doneText });

export const demo: Demo<BarrierResult> = {
  name: "barrier",
  params: [
    { kind: "number", name: "procs", min: 2, max: 64, default: 4 },
    { kind: "number", name: "rounds", min: 1, max: 100, default: 4 },
    { kind: "number", name: "work", min: 0, max: 1_000, default: 40, unit: "ms" },
  ],
  prediction: { choices: ["same", "longer"] },
  code: codeOf("barrier"),
  command: "lanes run echo phase 1, part {} ::: a b c d; lanes run echo phase 2, part {} ::: a b c d",
  async play(stage) {
    const file = join(stage.dir, "barrier.log");
    const [procs, rounds] = [stage.number("procs"), stage.number("rounds")];
    tidyLocks(stage, ...slotFiles(file, procs));
    rmSync(file, { force: true }); // of an earlier play
    makeBarrier(file);
    const workers = await play(stage, file);

    const record = barrierRecord(stage.recording.events());
    const result = barrierResult(record);
    return {
      result,
      facts: barrierFacts(result),
      checks: [
        ...barrierChecks(record, { procs, rounds }),
        { label: "demo.check.exit", ok: workers.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: barrierPictures(record, workers),
      answer: result.slowdown > 1.15 ? "longer" : "same",
      ...(result.slowdown > 1.15 ? {} : { why: "demo.barrier.why.same" }),
      suggestion: { procs: Math.min(procs * 2, 64) },
    };
  },
};
