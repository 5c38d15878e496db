/** The plan of the house names every room there is, and none that is not there, in both languages; and nobody left one half made. */

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
