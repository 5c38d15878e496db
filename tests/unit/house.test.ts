/**
 * The plan of the house names every room there is, and none that is not there, in both languages; a name of a type means one thing in
 * all of them; and nobody left one half made.
 */

import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/root.ts";

const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).flatMap((each) =>
  each.isDirectory() ? [each.name] : [],
);

test.each(["docs/architecture.md", "docs/architecture.zh-CN.md"])("%s has the rooms of src", (page) => {
  const named = readFileSync(join(root, page), "utf8").matchAll(/^(\w+)\/ /gm);
  expect([...named].map(([, name]) => name).sort()).toEqual(rooms.sort());
});

/** The code of a demo is shown as an example of what people write, so in it they are called as api/ calls them. */
const inDemosAsInPrograms = ["Process", "RemoteError"];

/** The types and classes a file exports. What stands in a template is no declaration of its own: text that is written for others. */
function exportedTypes(file: string): Set<string> {
  const text = readFileSync(join(root, "src", file), "utf8").replaceAll(/= `[^`]*`/g, "");
  const declared = text.matchAll(/^export (?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm);
  return new Set([...declared].flatMap(([, name]) => name ?? []));
}

test("a type's name means one thing: no two files of src export it", () => {
  const filesOf = new Map<string, string[]>();
  for (const file of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).sort())
    if (file.endsWith(".ts"))
      for (const name of exportedTypes(file)) filesOf.set(name, [...(filesOf.get(name) ?? []), file]);
  const sentences = [...filesOf]
    .filter(([name, files]) => files.length > 1 && !inDemosAsInPrograms.includes(name))
    .map(
      ([name, files]) =>
        `${name} is exported by ${files.join(" and by ")}. Declare it once if it is one thing; else let each name say which it is.`,
    );
  expect(sentences).toEqual([]);
});

test("nothing of a new demo is left TODO: scripts/new wrote it, for somebody to say what is true", () => {
  const files = ["docs/demos.md", "docs/demos.zh-CN.md", "docs/json.md", "docs/json.zh-CN.md"];
  for (const file of readdirSync(join(root, "src", "demos"), { recursive: true, encoding: "utf8" }))
    if (/\.(ts|py)$/.test(file)) files.push(join("src", "demos", file));
  const left = files.flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .flatMap((line, i) => (line.includes("TODO") ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
  expect(left).toEqual([]);
});
