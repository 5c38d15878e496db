/** Demo `subclass`: a class that extends Process; its state travels to the child, what the child makes of it stays there. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText, toThousandth } from "../../os/units.ts";
import { currentProcess, defineProcess, Process } from "../../process/index.ts";
import { median } from "../analysis/numbers.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";

// show
class Counter extends Process {
  count = 0; // set before start(), it travels to the child with the rest of the instance
  rounds = 0;
  workMs = 0;

  override async run() {
    const me = currentProcess();
    const received = this.count;
    me.emit({ type: "say", text: `my count is ${received}` });
    for (let round = 0; round < this.rounds; round++) this.count += 1;
    await Bun.sleep(this.workMs);
    me.emit({ type: "say", text: `my count is ${this.count}` });
    return { received, left: this.count };
  }
}
defineProcess("subclass#Counter", Counter);

async function play(stage: Stage) {
  const counters = Array.from({ length: stage.number("procs") }, (_, i) => {
    const counter = stage.add(new Counter(stage.lane()));
    counter.count = 100 * (i + 1);
    counter.rounds = stage.number("rounds");
    counter.workMs = stage.number("work");
    return counter;
  });
  for (const counter of counters) counter.start();
  await stage.join(counters);
  return counters; // and what is counter.count now, here in the parent?
}
// end

/** One instance's count, seen from both sides. */
interface Sides {
  readonly name: string;
  /** What the parent set before start(). */
  readonly set: number;
  /** What the child found when it began, and what it had when it ended: as the child reports it. */
  readonly received: number;
  readonly left: number;
  /** What the parent reads from the same instance after join(). */
  readonly kept: number;
}

export const demo: Demo<{ spawnMs: number; instances: Sides[] }> = {
  name: "subclass",
  params: [
    { kind: "number", name: "procs", min: 1, max: 64, default: 3 },
    { kind: "number", name: "rounds", min: 1, max: 1_000_000, default: 1_000 },
    { kind: "number", name: "work", min: 0, max: 10_000, default: 300, unit: "ms" },
  ],
  prediction: { choices: ["stays", "returns"] },
  code: codeOf("subclass"),
  marks: [
    { type: "say", after: "ready", line: "my count is ${received}" },
    { type: "say", after: "say", line: "my count is ${this.count}" },
    { type: "join", generation: 0, line: "await stage.join(" },
  ],
  command: "lanes map --new count.ts && lanes map count.ts 100 200 300",
  async play(stage) {
    const counters = await play(stage);
    const startMs = counters.map(({ times }) => (times.readyMs ?? Number.NaN) - times.startMs);
    const spawnMs = toThousandth(median(startMs));
    const instances = counters.map((counter, i): Sides => {
      const child = counter.result as { received: number; left: number };
      return { name: counter.name, set: 100 * (i + 1), ...child, kept: counter.count };
    });
    const rounds = stage.number("rounds");
    return {
      result: { spawnMs, instances },
      facts: [{ label: "demo.fact.spawn", value: durationText(spawnMs) }],
      checks: [
        { label: "demo.subclass.check.travelled", ok: instances.every(({ set, received }) => received === set) },
        { label: "demo.subclass.check.changed", ok: instances.every(({ set, left }) => left === set + rounds) },
        { label: "demo.subclass.check.kept", ok: instances.every(({ set, kept }) => kept === set) },
        { label: "demo.check.exit", ok: counters.every(({ exitCode }) => exitCode === 0) },
        { label: "demo.check.parent", ok: counters.every(({ ppid }) => ppid === process.pid) },
      ],
      pictures: [
        {
          kind: "table",
          columns: [
            "",
            phrase("demo.subclass.column.set"),
            phrase("demo.subclass.column.received"),
            phrase("demo.subclass.column.left"),
            phrase("demo.subclass.column.kept"),
          ],
          rows: instances.map(({ name, set, received, left, kept }) => [
            name,
            ...[set, received, left, kept].map(String),
          ]),
        },
      ],
      answer: instances.every(({ left, kept }) => kept !== left) ? "stays" : "returns",
      suggestion: { rounds: Math.min(rounds * 10, 1_000_000) },
    };
  },
};
