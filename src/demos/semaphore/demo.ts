/**
 * Demo `semaphore`: more processes than slots. Each goes in some times and stays for a while; by the record as many as there
 * are slots are in at once, never more, and no slot has two owners. Between the mutex, which is one slot, and no lock at all.
 */
import { basename, join } from "node:path";
import { acquireSlot, nextFile, slotFiles } from "../../lock/index.ts";
import { currentProcess, defineTarget } from "../../process/index.ts";
import type { Demo } from "../define.ts";
import { waitForParent } from "../gate.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { tidyLocks } from "../underlock.ts";
import {
  answerOf,
  type SemaphoreResult,
  semaphoreChecks,
  semaphoreFacts,
  semaphorePictures,
  semaphoreRecord,
  semaphoreResult,
} from "./report.ts";

// show
const visit = defineTarget("semaphore#visit", async (file: string, slots: number, rounds: number, work: number) => {
  await allAreHere();
  for (let round = 1; round <= rounds; round++) {
    using _slot = await takeSlot(file, slots); // FILE.1 or FILE.2 …: whichever comes free first
    await Bun.sleep(work);
  }
});

async function visits(stage: Stage, file: string) {
  const [slots, rounds, work] = [stage.number("slots"), stage.number("rounds"), stage.number("work")];
  const visitors = Array.from({ length: stage.number("procs") }, () =>
    stage.process(visit, [file, slots, rounds, work]),
  );
  for (const visitor of visitors) visitor.start();
  for (const visitor of visitors) await stage.or(visitor.receive()); // it is here
  for (const visitor of visitors) visitor.send("go");
  await stage.join(visitors);
  return visitors;
}
// end

/** So that nobody is through before the last one has started. */
const allAreHere = () => waitForParent("start");

/** Takes a slot on the record: `hold` after it was taken, `release` before it is given back. */
async function takeSlot(file: string, slots: number): Promise<Disposable> {
  const me = currentProcess();
  const onWait = () => me.emit({ type: "wait", on: basename(file) });
  const slot = await acquireSlot(file, slots, { onWait });
  const on = basename(slot.handle.path);
  me.emit({ type: "hold", on });
  return {
    [Symbol.dispose]() {
      me.emit({ type: "release", on });
      slot.release();
    },
  };
}

export const demo: Demo<SemaphoreResult> = {
  name: "semaphore",
  params: [
    { kind: "number", name: "procs", min: 1, max: 64, default: 6 },
    { kind: "number", name: "slots", min: 1, max: 16, default: 2 },
    { kind: "number", name: "rounds", min: 1, max: 1_000, default: 3 },
    { kind: "number", name: "work", min: 0, max: 10_000, default: 60, unit: "ms" },
  ],
  prediction: { choices: ["one", "slots", "all"] },
  code: codeOf("semaphore"),
  command:
    "lanes run -j 6 --line-buffer lanes lock --slots 2 desk.lock -c 'echo {} at desk $LANES_SLOT; sleep 0.3' ::: 1 2 3 4 5 6",
  async play(stage) {
    const file = join(stage.dir, "desk.lock");
    const [procs, slots, rounds] = [stage.number("procs"), stage.number("slots"), stage.number("rounds")];
    tidyLocks(stage, nextFile(file), ...slotFiles(file, slots));
    const visitors = await visits(stage, file);

    const record = semaphoreRecord(stage.recording.events(), basename(file), slots);
    const result = semaphoreResult(record);
    return {
      result,
      facts: semaphoreFacts(result, slots),
      checks: [
        ...semaphoreChecks(record, { procs, slots, rounds }),
        { label: "demo.check.exit", ok: visitors.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: semaphorePictures(record, visitors),
      ...answerOf(result, { procs, slots }),
      suggestion: { slots: slots === 1 ? 2 : slots >= procs ? 1 : Math.min(slots * 2, 16) },
    };
  },
};
