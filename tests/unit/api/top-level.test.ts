/** What stands at the top level of a module, found without a parser of our own; and nothing else of the module changes by it. */

import { expect, test } from "bun:test";
import { exportLine, topLevelNames } from "../../../src/api/place/top-level.ts";
import { isCommonJs, loaderOf, withoutMacros } from "../../../src/pool/worker/source.ts";
import { root } from "../../support/root.ts";

test("functions, classes and variables of the top level, and nothing of what is imported, further in, or a type", () => {
  const text = `
    import { Kept } from "./a"; import { Shadowed } from "./types"; import type { Typed } from "./types";
    export default function whole() {}
    async function* several() { const Shadowed = 1; function inner() {} return Shadowed; }
    class Hidden { method() { class Deep {} return Deep; } }
    export const one = 1, two = (x: Shadowed) => x;
    let { three } = { three: 3 }; var four = Kept;
    const { five, six: [seven] } = { five: 5, six: [7] }, eight = 8; function /* a comment */ nine() {}
    interface Shape {} type Alias = Typed; declare const nowhere: number; enum Level { low }
    // const commented = 1
    const text = "function quoted() {}";
    export { one as other };
  `;
  expect(topLevelNames(text, "ts").sort()).toEqual(
    [
      "Hidden",
      "Level",
      "two",
      "eight",
      "five",
      "four",
      "nine",
      "seven",
      "three",
      "one",
      "several",
      "text",
      "whole",
    ].sort(),
  );
  expect(topLevelNames("const a = 1 < 2; function b() {}\nexport {};", "js")).toEqual(["a", "b"]);
  expect(topLevelNames("export const View = () => <b>{1}</b>; function f() {}", "tsx")).toEqual(["View", "f"]);
  expect(topLevelNames("function (", "ts")).toEqual([]);
  expect(
    topLevelNames('import { run } from "./gone" with { type: "macro" }; function f() { return run(); }', "ts"),
  ).toEqual(["f"]);
  expect(exportLine([])).toBe("");
});

test("every module of this project is compiled to the same with the line as without, but for that line", async () => {
  let lines = 0;
  for (const path of new Bun.Glob("src/**/*.ts").scanSync({ cwd: root, absolute: true })) {
    if (path.endsWith(".d.ts")) continue;
    const text = withoutMacros(await Bun.file(path).text());
    const loader = loaderOf(path);
    if (isCommonJs(text, loader)) continue;
    const names = topLevelNames(text, loader);
    const exported = new Set(new Bun.Transpiler({ loader }).scan(text).exports);
    const declared = [...text.matchAll(/^export (?:async )?(?:function\*?|class|const) ([\w$]+)/gm)];
    const missed = declared.map(([, name = ""]) => name).filter((name) => exported.has(name) && !names.includes(name));
    expect(missed).toEqual([]);
    const code = (source: string) =>
      new Bun.Transpiler({ loader, trimUnusedImports: true })
        .transformSync(source)
        .replace(/export \{[^}]*\};\s*$/, "");
    expect(code(text + exportLine(names)).trim()).toBe(code(text).trim());
    lines += names.length;
  }
  expect(lines).toBeGreaterThan(2000);
}, 60_000);
