/**
 * Demo `fence`: who holds a lease is stopped (SIGSTOP) for longer than it lasts, just when it was told that the lease is its
 * own and is about to write. Another gets the lease and writes; then the first goes on, and writes. With the lease alone
 * that overwrites what the other wrote. Where the lease's number has to be brought along, it is refused: it comes too late.
 */
import { join } from "node:path";
import { shellQuoted } from "../../os/exec/quoted.ts";
import { defineTarget, type Process } from "../../process/index.ts";
import type { Span } from "../analysis/intervals.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { continueProcess, stopProcess } from "../stopping.ts";
import type { LeasePlace, Setting, Way, Where } from "./place.ts";
import { halfway, inTurns, LEASE, takeLease, type Word, written } from "./process.ts";
import { partOf } from "./record.ts";
import { answerOf, EXPECTED, type FenceResult, fenceChecks, fenceFacts, fencePictures } from "./report.ts";
import { makeSqliteFile } from "./sqlite.ts";

// show
async function addOne(place: LeasePlace, work: number) {
  for (;;) {
    const fence = await takeLease(place); // a number, greater than all before
    const count = await place.read(fence);
    await Bun.sleep(work);
    if (!(await place.renew(fence))) continue; // still mine? Yes …
    await halfway(); // … and here P1 is stopped, until it is not
    const rejected = await place.write(count + 1, fence);
    await written(rejected, work);
    await place.release(fence);
    if (rejected === null) return; // else all over again, with a new number
  }
}

/** P1 is stopped right before its write. P2 gets the lease once it is over, and writes. Then P1 goes on, and writes. */
async function play(stage: Stage, [first, second]: Pair, way: Way) {
  first.send(way);
  await heard(stage, first, "halfway");
  const stopped = await stopProcess(stage, first); // SIGSTOP
  second.send(way);
  await heard(stage, second, "halfway");
  second.send("go on");
  await heard(stage, second, "written");
  first.send("go on"); // which it hears once it is awake
  await continueProcess(stage, first); // SIGCONT
  const late = await heard(stage, first, "written");
  for (const each of [first, second]) each.send("go on");
  await Promise.all([first, second].map((each) => heard(stage, each, "turn")));
  return { stopped, rejected: late.rejected };
}
// end

type Pair = readonly [Process, Process];

const worker = defineTarget("fence#worker", (where: Where, leaseMs: number, work: number) =>
  inTurns(where, leaseMs, (place) => addOne(place, work)),
);

/** Where it is played: in a file of the stage's folder, or in its farm, from which all is removed at the end. */
async function settingOf(stage: Stage): Promise<Setting> {
  if (stage.farm === undefined) return makeSqliteFile(join(stage.dir, "fence.db"));
  const { setUp } = await import("./farm.ts");
  return stage.unlessLeft(setUp(stage.farm.address, (tidy) => stage.tidyUp(tidy)));
}

/** What a process says next of this kind; whatever else it says on the way there, it may go on. */
async function heard<At extends Word["at"]>(stage: Stage, process: Process, at: At) {
  for (;;) {
    const word = (await stage.or(process.receive())) as Word;
    if (word.at === at) return word as Extract<Word, { at: At }>;
    process.send("go on");
  }
}

/** What is to be said of a farm. */
const farmWords = (on: string) => ({
  on,
  command: `lanes lock --on ${shellQuoted(on)} deploy -c 'echo my number is $LANES_FENCE'`,
});

export const demo: Demo<FenceResult> = {
  name: "fence",
  params: [
    { kind: "number", name: "lease", min: 50, max: 5_000, default: 500, unit: "ms" },
    { kind: "number", name: "work", min: 0, max: 1_000, default: 150, unit: "ms" },
  ],
  measures: ({ fenced: { stoppedMs, nextMs, bothMs } }) => ({ stoppedMs, nextMs, bothMs }),
  onFarm: true,
  prediction: { choices: ["notices", "overwrites", "adds"] },
  code: codeOf("fence", "sqlite"),
  marks: [
    { type: "wait", on: LEASE, line: "await takeLease(place)" },
    { type: "hold", line: "await takeLease(place)" },
    { type: "read", line: "await place.read(fence)" },
    { type: "stopped", line: "await halfway()" },
    { type: "write", line: "await place.write(" },
    { type: "rejected", line: "await place.write(" },
    { type: "release", line: "await place.release(" },
  ],
  command:
    "lanes lock job.lock -c 'echo $$ > pid; kill -STOP $$; echo and goes on' & until [ -s pid ]; do sleep 0.1; done; lanes lock -w 1 job.lock echo mine; kill -CONT $(cat pid); wait",
  shared: { label: "count", expected: () => EXPECTED },
  async play(stage) {
    const [leaseMs, work] = [stage.number("lease"), stage.number("work")];
    const { place, counts } = await settingOf(stage);
    const adder = () => stage.process(worker, [place, leaseMs, work]);
    const pair: Pair = [adder(), adder()];
    for (const each of pair) each.start();
    for (const each of pair) await heard(stage, each, "turn");
    const part = async (way: Way) => {
      stage.recording.emit({ type: "run", text: way === "alone" ? "lease alone" : "lease + number" });
      stage.recording.emit({ type: "write", value: 0 });
      const fromMs = stage.recording.elapsedMs;
      const seen = await play(stage, pair, way);
      const span: Span = { fromMs, toMs: stage.recording.elapsedMs };
      return { ...seen, ...span, way, actual: (await counts()).get(way) ?? Number.NaN };
    };
    const parts = { alone: await part("alone"), fenced: await part("fenced") };
    for (const each of pair) each.send(null);
    await stage.join(pair);

    const [first, second] = pair;
    const events = stage.recording.events();
    const seen = [parts.alone, parts.fenced];
    const of = ({ actual, ...span }: (typeof seen)[number]) => ({
      ...partOf(events, span, first.name),
      actual,
      lost: EXPECTED - actual,
    });
    const result: FenceResult = {
      farm: stage.farm?.address.label ?? null,
      stoppedPid: first.pid ?? 0,
      nextPid: second.pid ?? 0,
      leaseMs,
      expected: EXPECTED,
      alone: of(parts.alone),
      fenced: of(parts.fenced),
      refusal: parts.fenced.rejected?.said ?? null,
    };
    return {
      result,
      facts: fenceFacts(result),
      headline: "demo.fence.fact.fenced",
      checks: [
        ...fenceChecks(result, seen),
        { label: "demo.check.exit", ok: pair.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: fencePictures(result, seen),
      answer: answerOf(result.alone),
      ...(stage.farm === undefined ? {} : farmWords(stage.farm.name)),
      suggestion: { lease: Math.min(leaseMs * 2, 5_000) },
    };
  },
};
