/**
 * Demo `race`: processes add to a count in data.json without a lock, and updates get lost. `natural` leaves them alone;
 * `staged` lets nobody write before all have read, which loses all updates of a round but one, always. With `lock on`
 * they do the same work under the lock of src/lock, for comparing; what is left to stage then is that all ask at once.
 */
import { defineTarget, type Process } from "../../process/index.ts";
import { maxOverlap } from "../analysis/intervals.ts";
import { accessesOf, findLostUpdate } from "../analysis/lost-update.ts";
import { counterFile, readCount, SharedCounter, writeCount } from "../counterfile.ts";
import type { Demo, Params } from "../define.ts";
import { waitForParent } from "../gate.ts";
import { LOCKED_COUNT } from "../mutex/report.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { holdsOf, tidyLocks, underLock, waitsOf } from "../underlock.ts";
import { type RaceResult, raceFacts, racePictures, raceWhy } from "./report.ts";

// show
const addOnes = defineTarget("race#addOnes", async (file: string, rounds: number, gap: number, way: Way) => {
  const shared = new SharedCounter(file);
  const addOne = async (round: number) => {
    const count = await shared.read(round); // 1. read
    if (gap > 0) await Bun.sleep(gap); //      2. think
    if (way.staged && !way.locked) await myTurn(); // until all have read
    shared.write(count + 1, round); //         3. write: what others wrote since 1. is gone
  };
  for (let round = 1; round <= rounds; round++) {
    if (way.locked) await underLock(file, () => addOne(round));
    else await addOne(round);
    if (way.staged) await myTurn(); //         until all have written
  }
});

/** Staged: nobody writes before all have read, and then one after the other. Under the lock all ask for it at once. */
async function direct(stage: Stage, children: Process[], { locked }: Way) {
  for (let round = 1; round <= stage.number("rounds"); round++) {
    for (const child of children) await stage.or(child.receive()); // it has read; under the lock: and written
    for (const child of locked ? [] : children) {
      child.send("write");
      await stage.or(child.receive()); // it has written
    }
    for (const child of children) child.send("go on");
  }
}
// end

/** How the processes meet; plain data, for it travels to them. */
type Way = { readonly staged: boolean; readonly locked: boolean };

/** Tells the parent that this process has come to a barrier, and waits there until the parent lets it go on. */
const myTurn = () => waitForParent("barrier");

const expectedOf = (params: Params) => Number(params.procs) * Number(params.rounds);

/** More rounds if luck hid it, the lock once it was seen, and with the lock more processes. */
function suggestionOf(stage: Stage, lost: number): Params {
  const procs = stage.number("procs");
  if (procs === 1) return { procs: 4 };
  if (stage.choice("lock") === "on") return { procs: Math.min(procs * 2, 64) };
  return lost === 0 ? { rounds: Math.min(stage.number("rounds") * 10, 10_000) } : { lock: "on" };
}

export const demo: Demo<RaceResult> = {
  name: "race",
  params: [
    { kind: "number", name: "procs", min: 1, max: 64, default: 4 },
    { kind: "number", name: "rounds", min: 1, max: 10_000, default: 100 },
    { kind: "number", name: "gap", min: 0, max: 1_000, default: 2, unit: "ms" },
    { kind: "choice", name: "mode", values: ["natural", "staged"], default: "natural" },
    { kind: "choice", name: "lock", values: ["off", "on"], default: "off" },
  ],
  prediction: { choices: ["all", "less"] },
  code: codeOf("race"),
  marks: [
    { type: "read", line: "1. read" },
    { type: "write", line: "3. write" },
    { type: "wait", on: "barrier", after: "read", line: "until all have read" },
    { type: "wait", on: "barrier", after: "write", line: "until all have written" },
    { type: "wait", line: "if (way.locked) await underLock" },
    { type: "hold", line: "if (way.locked) await underLock" },
    { type: "release", line: "if (way.locked) await underLock" },
  ],
  command:
    "echo 0 > count.txt; lanes run -j 4 --shell 'n=$(cat count.txt); echo $((n + {})) > count.txt' ::: 1 2 3 4; cat count.txt",
  shared: { label: "data.json count", expected: expectedOf },
  async play(stage) {
    const [procs, rounds, mode] = [stage.number("procs"), stage.number("rounds"), stage.choice("mode")];
    const way: Way = { staged: mode === "staged", locked: stage.choice("lock") === "on" };
    const file = counterFile(stage.dir);
    if (way.locked) tidyLocks(stage, `${file}.lock`);
    writeCount(file, 0);
    stage.recording.emit({ type: "write", value: 0 });
    const children = Array.from({ length: procs }, () =>
      stage.process(addOnes, [file, rounds, stage.number("gap"), way]),
    );
    for (const child of children) child.start();
    if (way.staged) await direct(stage, children, way);
    await stage.join(children);

    const events = stage.recording.events();
    const accesses = accessesOf(events);
    const holds = holdsOf(events);
    const expected = expectedOf(stage.params);
    const left = readCount(file);
    const lost = expected - (left ?? 0);
    const result: RaceResult = {
      mode,
      expected,
      actual: left ?? 0,
      lost,
      unreadable: events.filter((event) => event.type === "read" && event.value === null).length,
      leftReadable: left !== null,
      maxHolders: maxOverlap(holds),
      example: findLostUpdate(accesses),
    };
    const written = accesses.filter(({ type }) => type === "write").length;
    return {
      result,
      facts: raceFacts(result, way.locked ? waitsOf(events) : undefined),
      headline: "demo.race.fact.lost",
      ...raceWhy(result, procs, way.locked),
      checks: [
        { label: "demo.race.check.all", ok: written === expected },
        // A process that went on from memory, because the file stayed unreadable, lost what it did not read.
        {
          label: "demo.race.check.example",
          ok: lost > 0 ? result.example !== null || result.unreadable > 0 : result.example === null,
        },
        ...(way.staged && !way.locked
          ? [{ label: "demo.race.check.staged", ok: lost === rounds * (procs - 1) } as const]
          : []),
        ...(way.locked
          ? ([
              { label: "demo.mutex.check.nothingLost", ok: lost === 0 },
              { label: "demo.mutex.check.oneHolder", ok: result.maxHolders === 1 },
              { label: "demo.mutex.check.eachHeld", ok: holds.length === expected },
            ] as const)
          : []),
        { label: "demo.check.exit", ok: children.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: racePictures(result),
      answer: lost > 0 ? "less" : "all",
      ...(way.locked ? { command: LOCKED_COUNT } : {}),
      suggestion: suggestionOf(stage, lost),
    };
  },
};
