/** Every message is said somewhere: its key stands in src as it is, or is made there from a name this test asks for. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { loadDemos } from "../../../src/demos/catalog.ts";
import { en } from "../../../src/i18n/en/index.ts";
import { root } from "../../support/root.ts";

const src = join(root, "src");
const files = [...new Bun.Glob("**/*.ts").scanSync(src)].filter((file) => !/^i18n[/\\](en|zh)/.test(file));
const source = (await Promise.all(files.map((file) => Bun.file(join(src, file)).text()))).join("\n");

/** Beginnings of keys whose end only the running program knows: in src as `beginning${…}`. */
const beginnings = [
  "compare.measure.",
  "demo.oversubscribe.why.",
  "demo.pool.way.",
  "demo.queue.",
  "demo.race.access.",
  "demo.zombie.moment.",
  "export.menu.",
  "export.unit.",
  "group.",
  "lock.broke.",
  "lock.slots.state.",
  "lock.state.",
  "man.env.",
  "man.exit.",
  "man.file.",
  "man.section.",
  "replay.kind.",
  "run.error.place.",
  "run.error.unfinished.",
  "trace.sampled.",
  "trace.wait.",
  "trace.why.",
  "view.now.",
  "view.state.",
];

/** Keys made in ways of their own. */
const made = new Set<string>([
  ...["removed", "replaced"].map((ending) => `lock.${ending}`),
  ...["hold", "release"].map((type) => `replay.cell.${type}Of`),
]);
for (const { name, params, prediction } of await loadDemos()) {
  const parts = ["title", "summary", "watch", "why"];
  if (prediction !== undefined) parts.push("predict", ...prediction.choices.map((choice) => `predict.${choice}`));
  for (const part of parts) made.add(`demo.${name}.${part}`);
  for (const param of params) made.add(`param.${param.name}`);
}

test("no message is left that nobody says", () => {
  const isMade = (key: string) =>
    made.has(key) || beginnings.some((one) => key.startsWith(one) && !key.slice(one.length).includes("."));
  expect(Object.keys(en).filter((key) => !source.includes(`"${key}"`) && !isMade(key))).toEqual([]);
});

test("every beginning is one that src makes keys of", () => {
  expect(beginnings.filter((one) => !source.includes(`\`${one}\${`))).toEqual([]);
});
