/** The files of a new demo: each process says who it is. Small, but with everything a demo has. */

/** What its programs print: a line of the table in tests/e2e/demos/demo-programs.test.ts. */
export const toldOf = (name: string) =>
  `  ${name}: { args: "--procs 2", both: [/(^P\\d: I am process \\d+\\n){2}/m] },`;

/** File names and texts. */
export function filesOf(name: string): Readonly<Record<string, string>> {
  return {
    "demo.ts": demoOf(name),
    "words.en.ts": `export const ${name} = {
  "demo.${name}.title": "TODO: a title",
  "demo.${name}.summary": "TODO: what one sees, in a line of the menu",
  "demo.${name}.keywords": "TODO: other words one would look for it by",
  "demo.${name}.watch": "TODO: where to look; true however it ends",
  "demo.${name}.why": "TODO: why it came out so.",
  "demo.${name}.check.said": "every process said its line itself",
} as const;
`,
    "words.zh.ts": `import type { ${name} as english } from "./words.en.ts";

export const ${name}: Record<keyof typeof english, string> = {
  "demo.${name}.title": "TODO：标题",
  "demo.${name}.summary": "TODO：菜单里的一行，说明能看到什么",
  "demo.${name}.keywords": "TODO：别人可能用来搜索它的词",
  "demo.${name}.watch": "TODO：该看哪里；无论结果如何都成立",
  "demo.${name}.why": "TODO：为什么会这样。",
  "demo.${name}.check.said": "每个进程都亲自说了一句话",
};
`,
    [`${name}.program.ts`]: `import { Process } from "lanes";

function work(number: number) {
  console.log(\`P\${number}: I am process \${process.pid}\`);
}

if (import.meta.main) {
  const procs = 3;
  const children = Array.from({ length: procs }, (_, i) => new Process({ target: work, args: [i + 1] }));
  for (const child of children) child.start();
  for (const child of children) await child.join();
}
`,
    [`${name}.py`]: `from multiprocessing import Process
import os

def work(number):
    print(f"P{number}: I am process {os.getpid()}")

if __name__ == "__main__":
    procs = 3
    children = [Process(target=work, args=(number + 1,)) for number in range(procs)]
    for child in children:
        child.start()
    for child in children:
        child.join()
`,
  };
}

const demoOf = (name: string) => `/** Demo \`${name}\`: TODO, what it shows. */
import { durationText, toThousandth } from "../../os/units.ts";
import { currentProcess, defineTarget } from "../../process/index.ts";
import { median } from "../analysis/numbers.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };

// show
const work = defineTarget("${name}#work", async (number: number) => {
  currentProcess().emit({ type: "say", text: \`P\${number}: I am process \${process.pid}\` });
});
// end

export const demo: Demo<{ spawnMs: number }> = {
  name: "${name}",
  params: [{ kind: "number", name: "procs", min: 1, max: 64, default: 3 }],
  code: codeOf("${name}"),
  command: "lanes run echo {} ::: 1 2 3", // TODO: what does the same to one's own work
  async play(stage) {
    const children = Array.from({ length: stage.number("procs") }, (_, i) => stage.process(work, [i + 1]));
    for (const child of children) child.start();
    await stage.join(children);
    const said = stage.recording.of("say");
    const spawnMs = toThousandth(median(children.map(({ times }) => (times.readyMs ?? Number.NaN) - times.startMs)));
    return {
      result: { spawnMs },
      facts: [{ label: "demo.fact.spawn", value: durationText(spawnMs) }],
      checks: [
        { label: "demo.${name}.check.said", ok: children.every(({ pid }) => said.some((event) => event.pid === pid)) },
        { label: "demo.check.exit", ok: children.every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: [],
      suggestion: { procs: Math.min(stage.number("procs") * 2, 64) },
    };
  },
};
`;
