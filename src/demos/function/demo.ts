/** Demo `function`: N processes from one function with different arguments; what a process costs to start. */
import { durationText, toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget } from "../../process/index.ts";
import { median } from "../analysis/numbers.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";

const names = ["Ada", "Ken", "Mary", "Edsger", "Barbara", "Tony", "Grace", "Leslie"];

// show
const greet = defineTarget("function#greet", async (name: string, workMs: number) => {
  currentProcess().emit({ type: "say", text: `hello ${name}, I am process ${process.pid}` });
  await Bun.sleep(workMs);
});

async function play(stage: Stage) {
  const children = Array.from({ length: stage.number("procs") }, (_, i) =>
    stage.process(greet, [names[i % names.length] ?? "", stage.number("work")]),
  );
  for (const child of children) child.start();
  await stage.join(children); // blocked here until the last one has ended
  stage.recording.emit({ type: "say", text: `main: I am process ${process.pid}` });
  return children;
}
// end

export const demo: Demo<{ spawnMs: number; said: string[] }> = {
  name: "function",
  params: [
    { kind: "number", name: "procs", min: 1, max: 64, default: 3 },
    { kind: "number", name: "work", min: 0, max: 10_000, default: 300, unit: "ms" },
  ],
  code: codeOf("function"),
  marks: [
    { type: "say", line: 'emit({ type: "say", text: `hello' },
    { type: "join", generation: 0, line: "await stage.join(" },
    { type: "say", generation: 0, line: "text: `main: " },
  ],
  command: "lanes run echo hello {} ::: Ada Ken Mary",
  async play(stage) {
    const children = await play(stage);
    const startMs = children.map(({ times }) => (times.readyMs ?? Number.NaN) - times.startMs);
    const said = stage.recording.of("say").filter((event) => event.lane !== "main");
    const spawnMs = toThousandth(median(startMs));
    return {
      result: { spawnMs, said: said.map((event) => event.text) },
      facts: [{ label: "demo.fact.spawn", value: durationText(spawnMs) }],
      checks: [
        { label: "demo.function.check.said", ok: children.every(({ pid }) => said.some((event) => event.pid === pid)) },
        { label: "demo.check.exit", ok: children.every(({ exitCode }) => exitCode === 0) },
        { label: "demo.check.parent", ok: children.every(({ ppid }) => ppid === process.pid) },
      ],
      pictures: [
        {
          kind: "bars",
          unit: "ms",
          rows: children.map(({ name }, i) => ({ label: name, value: toThousandth(startMs[i] ?? 0) })),
        },
      ],
      suggestion: { procs: Math.min(stage.number("procs") * 2, 64) },
    };
  },
};
