/** docs/from-multiprocessing.md: every row of its tables, in both languages, gives what its last column says. */

import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { program } from "../../support/program.ts";
import { root } from "../../support/root.ts";

const page = (name: string) => readFileSync(join(root, "docs", name), "utf8");
const english = page("from-multiprocessing.md");

interface Row {
  readonly python: string;
  readonly typescript: string;
  /** As JSON; empty: nothing to be compared. */
  readonly gives: { readonly python: string; readonly typescript: string };
}

const cells = /^\| `(?<python>[^\n]+?)` +\| `(?<typescript>[^\n]+?)` +\| (?<gives>[^\n|]*) ?\|$/gm;
const rowsOf = (text: string): Row[] =>
  Array.from(text.matchAll(cells), ({ groups: { python = "", typescript = "", gives = "" } = {} }) => {
    const [first = "", second = first] = Array.from(gives.matchAll(/`([^`]*)`/g), ([, value]) => value ?? "");
    return { python, typescript, gives: { python: first, typescript: second } };
  });
const rows = rowsOf(english);
/** What stands above the tables. */
const above = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(english)?.[1] ?? "";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** A row's statements, and the expression at its end. */
function parts(code: string): [statements: string, value: string] {
  const at = code.lastIndexOf("; ");
  return at < 0 ? ["", code] : [code.slice(0, at + 1), code.slice(at + 2)];
}

/** What each row gave, by its number; all rows run in one program, one after another. */
function valuesIn(stdout: string): Map<number, unknown> {
  return new Map(Array.from(stdout.matchAll(/^row (\d+): (.*)$/gm), ([, n, value = ""]) => [Number(n), read(value)]));
}

const read = (value: string): unknown => (value === "" ? "" : JSON.parse(value));

const wanted = (language: "python" | "typescript") => new Map(rows.map(({ gives }, n) => [n, read(gives[language])]));

test("the pages have the same rows", () => {
  expect(rows.length).toBeGreaterThan(60);
  expect(rowsOf(page("from-multiprocessing.zh-CN.md"))).toEqual(rows);
  expect(english.split("\n").filter((line) => line.startsWith("| `"))).toHaveLength(rows.length);
});

test("what one types with lanes, its types too", async () => {
  const text = rows.map(({ typescript, gives }, n) => {
    const [statements, value] = parts(typescript);
    const shown =
      gives.typescript === "" ? `${typescript}; console.log("row ${n}: ");` : `${statements} tell(${n}, ${value});`;
    return `  await (async () => { ${shown} })();`;
  });
  const tell =
    'const tell = (n: number, value: unknown) => console.log(`row ${n}: ${JSON.stringify(value) ?? "null"}`);\n';
  const file = program(place, tell + above("ts").replace("  // the row", `${text.join("\n")}\n  process.exit(0);`));
  const { stdout, code } = await place.run(["exec", file]);
  expect(valuesIn(stdout)).toEqual(wanted("typescript"));
  expect(code).toBe(0);
  const check = await place.run(["check", "program.ts"]);
  expect([check.stdout, check.code]).toEqual(["", 0]);
}, 120_000);

test.if(Bun.which("python3") !== null)(
  "what one types in Python",
  async () => {
    const text = rows.flatMap(({ python, gives }, n) => {
      if (gives.python === "") return [`    ${python}`, `    print("row ${n}: ", flush=True)`];
      const [statements, value] = parts(python);
      return [`    ${`${statements} tell(${n}, ${value})`.trim()}`];
    });
    const top =
      'import json, multiprocessing\ndef tell(n, value): print(f"row {n}: {json.dumps(value, separators=(chr(44), chr(58)))}", flush=True)\n';
    const start = '    multiprocessing.set_start_method("spawn")\n';
    const main = 'if __name__ == "__main__":\n';
    const code =
      top +
      above("python")
        .replace(main, main + start)
        .replace(
          "    # the row",
          `${text.join("\n")}\n    import os; [child.kill() for child in active_children()]; os._exit(0)`,
        );
    program(place, code, "rows.py");
    if (process.env.KEEP) require("node:fs").writeFileSync(process.env.KEEP, code);
    // A child that fails says so on stderr, as it is to.
    expect(valuesIn((await place.shell("exec python3 rows.py")).stdout)).toEqual(wanted("python"));
  },
  240_000,
);
