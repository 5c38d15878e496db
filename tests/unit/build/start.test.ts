/**
 * What is loaded before a command does anything. A module of Node's costs more than all of ours: node:fs 1 to 1.5 ms,
 * node:path and node:os 0.2 to 1, node:stream 5, where an empty compiled program takes 4 to 6 from start to end. One import too
 * many, anywhere below, is nothing that any other test would notice.
 */
import { beforeAll, expect, test } from "bun:test";
import { bundled } from "../../../scripts/build/compile.ts";
import { root } from "../../support/root.ts";

interface Import {
  readonly path: string;
  readonly kind: string;
  readonly external?: boolean;
}

let inputs: Readonly<Record<string, { readonly imports: readonly Import[] }>>;
beforeAll(async () => {
  inputs = (await bundled(root)).metafile?.inputs as typeof inputs;
});

/** What is loaded with these modules that is none of ours. */
function loadedWith(...modules: readonly string[]): string[] {
  const seen = new Set<string>();
  const foreign = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const { path, kind, external } of inputs[module]?.imports ?? []) {
      if (kind !== "import-statement") continue;
      if (external === true || path.includes(":")) foreign.add(path.replace(/^node:/, ""));
      else visit(path);
    }
  };
  for (const module of modules) {
    expect(Object.keys(inputs)).toContain(module);
    visit(module);
  }
  return [...foreign].sort();
}

const everyCommand = ["src/main.ts", "src/commands/dispatch.ts"];

test.each([
  ["the command line", [], []],
  ["lanes lock", ["src/commands/lock/options.ts"], ["bun:ffi"]],
  ["lanes run", ["src/commands/run/options.ts", "src/commands/run/wire.ts"], ["fs"]],
  ["the menu", ["src/commands/menu/menu.ts"], ["bun:ffi", "fs"]],
])("%s begins with no module of Node's that it can do without", (_, modules, needed) => {
  expect(loadedWith(...everyCommand, ...modules)).toEqual(needed);
});
