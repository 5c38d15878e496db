/**
 * Demo `event`: one process signals, all that wait go on, woken by the kernel; how long each took to wake is measured. One
 * is busy until the signal has been given, comes late, and does not wait at all. They work for a while, so that going on
 * can be seen; then the event is cleared, and so on. Who is where is agreed on at a barrier; the parent only starts them.
 */
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { FileBarrier, makeBarrier } from "../../lock/coordination/barrier.ts";
import { SharedEvent } from "../../lock/coordination/event.ts";
import { slotFiles } from "../../lock/index.ts";
import { currentProcess, defineTarget } from "../../process/index.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { tidyLocks } from "../underlock.ts";
import {
  answerOf,
  type EventResult,
  eventChecks,
  eventFacts,
  eventPictures,
  eventRecord,
  eventResult,
  onText,
} from "./report.ts";

type Role = "signals" | "waits" | "late";

// show
const part = defineTarget(
  "event#part",
  async (file: string, procs: number, role: Role, rounds: number, delay: number, work: number) => {
    using go = new SharedEvent(file);
    using barrier = FileBarrier.join(`${file}.barrier`, procs);
    for (let round = 1; round <= rounds; round++) {
      await meet(barrier);
      if (role !== "waits") await Bun.sleep(delay); // these two are busy meanwhile
      if (role === "signals") signal(go, true); //     one signals …
      if (role === "waits") await pass(go); //         … all who wait go on
      await meet(barrier);
      if (role === "late") await pass(go); //          who comes late does not wait
      if (role !== "signals") await Bun.sleep(work); // what the event let them do
      await meet(barrier);
      if (role === "signals") signal(go, false);
    }
  },
);

async function play(stage: Stage, file: string) {
  const roles: Role[] = ["signals", ...Array<Role>(stage.number("procs") - 2).fill("waits"), "late"];
  const [rounds, delay, work] = [stage.number("rounds"), stage.number("delay"), stage.number("work")];
  const processes = roles.map((role) => stage.process(part, [file, roles.length, role, rounds, delay, work]));
  for (const process of processes) process.start();
  await stage.join(processes);
  return processes;
}
// end

/** Sets or clears it; recorded just before, so that whoever goes on because of it does so afterwards. */
function signal(go: SharedEvent, isSet: boolean): void {
  currentProcess().emit({ type: "write", value: Number(isSet) });
  if (isSet) go.set();
  else go.clear();
}

/** Waits for it on the record: `wait` if it is not set, `run` once it goes on. */
async function pass(go: SharedEvent): Promise<void> {
  const me = currentProcess();
  await go.wait({ onWait: () => me.emit({ type: "wait", on: basename(go.path) }) });
  me.emit({ type: "run", text: onText });
}

async function meet(barrier: FileBarrier): Promise<void> {
  const me = currentProcess();
  await barrier.wait({
    onWait: () => {
      me.emit({ type: "wait", on: "barrier" });
      me.flush();
    },
  });
  me.emit({ type: "run" });
}

export const demo: Demo<EventResult> = {
  name: "event",
  params: [
    { kind: "number", name: "procs", min: 3, max: 64, default: 5 },
    { kind: "number", name: "rounds", min: 1, max: 100, default: 3 },
    { kind: "number", name: "delay", min: 0, max: 5_000, default: 200, unit: "ms" },
    { kind: "number", name: "work", min: 0, max: 5_000, default: 60, unit: "ms" },
  ],
  prediction: { choices: ["one", "all"] },
  code: codeOf("event"),
  command: "mkfifo go; sleep 1 > go & lanes run -j 3 --timeout 9s --shell 'cat go; echo {} goes on' ::: 1 2 3; rm go",
  shared: { label: "go.event", expected: () => 1 },
  measures: ({ woken, passedAtOnce, wakeMs }) => ({
    wakeMs: wakeMs.median,
    slowestWakeMs: wakeMs.most,
    woken,
    passedAtOnce,
  }),
  async play(stage) {
    const file = join(stage.dir, "go.event");
    const [procs, rounds] = [stage.number("procs"), stage.number("rounds")];
    tidyLocks(stage, ...slotFiles(`${file}.barrier`, procs));
    rmSync(`${file}.barrier`, { force: true }); // of an earlier play
    new SharedEvent(file).clear();
    makeBarrier(`${file}.barrier`);
    const processes = await play(stage, file);

    const record = eventRecord(stage.recording.events(), basename(file));
    const result = eventResult(record);
    return {
      result,
      facts: eventFacts(result),
      checks: [
        ...eventChecks(record, { procs, rounds }),
        { label: "demo.check.exit", ok: processes.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: eventPictures(record, processes),
      ...answerOf(record, procs),
      suggestion: { procs: Math.min(procs * 2, 64) },
    };
  },
};
