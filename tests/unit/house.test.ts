/** The plan of the house names every room there is, and none that is not there, in both languages. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");
const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).flatMap((each) =>
  each.isDirectory() ? [each.name] : [],
);

test.each(["docs/architecture.md", "docs/architecture.zh-CN.md"])("%s has the rooms of src", (page) => {
  const named = readFileSync(join(root, page), "utf8").matchAll(/^(\w+)\/ /gm);
  expect([...named].map(([, name]) => name).sort()).toEqual(rooms.sort());
});
