/** Demo `isolation`: parent and children hold "the same" variable, and each changes a copy of its own. */
import { phrase } from "../../i18n/phrase.ts";
import { currentProcess, defineTarget } from "../../process/index.ts";
import { sum } from "../analysis/numbers.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";

/** Each child reports its value this many times on its way. */
const REPORTS = 10;

// show
let counter = 0; // one line of source; every process that runs it has a variable of its own

const count = defineTarget("isolation#count", async (step: number, rounds: number, workMs: number) => {
  const me = currentProcess();
  for (let round = 1; round <= rounds; round++) {
    counter += step;
    if (round % Math.ceil(rounds / REPORTS) !== 0 && round !== rounds) continue;
    me.emit({ type: "write", value: counter, round });
    await Bun.sleep(workMs / REPORTS);
  }
  return counter;
});

async function play(stage: Stage) {
  counter = 0;
  const children = Array.from({ length: stage.number("procs") }, (_, i) =>
    stage.process(count, [i + 1, stage.number("rounds"), stage.number("work")]),
  );
  for (const child of children) child.start();
  await stage.join(children);
  stage.recording.emit({ type: "read", value: counter });
  return { children, parentValue: counter, childValues: children.map((child) => Number(child.result)) };
}
// end

export const demo: Demo<{ parentValue: number; childValues: number[] }> = {
  name: "isolation",
  params: [
    { kind: "number", name: "procs", min: 1, max: 64, default: 3 },
    { kind: "number", name: "rounds", min: 1, max: 1_000_000, default: 1_000 },
    { kind: "number", name: "work", min: 0, max: 10_000, default: 300, unit: "ms" },
  ],
  prediction: { choices: ["unchanged", "sum"] },
  code: codeOf("isolation"),
  marks: [
    { type: "write", line: 'me.emit({ type: "write"' },
    { type: "join", generation: 0, line: "await stage.join(" },
    { type: "read", generation: 0, line: 'emit({ type: "read"' },
  ],
  command: "lanes run --shell 'N=$N{}; echo $N' ::: 1 2 3",
  async play(stage) {
    const { children, parentValue, childValues } = await play(stage);
    const rounds = stage.number("rounds");
    const rows = [{ label: "main", value: parentValue }].concat(
      children.map(({ name }, i) => ({ label: name, value: childValues[i] ?? Number.NaN })),
    );
    return {
      result: { parentValue, childValues },
      facts: [
        { label: "demo.isolation.fact.parent", value: String(parentValue) },
        { label: "demo.isolation.fact.sum", value: String(sum(childValues)) },
      ],
      checks: [
        { label: "demo.isolation.check.own", ok: childValues.every((value, i) => value === (i + 1) * rounds) },
        { label: "demo.isolation.check.parent", ok: parentValue === 0 },
        { label: "demo.check.exit", ok: children.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: [{ kind: "bars", unit: phrase("demo.isolation.unit"), rows }],
      answer: parentValue === 0 ? "unchanged" : "sum",
      suggestion: { procs: Math.min(stage.number("procs") * 2, 64) },
    };
  },
};
