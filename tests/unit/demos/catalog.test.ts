/** The catalog is whole: each demo has all that a view, a reader or a script expects of it, and says so if it has not. */

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { demoNames, loadDemo } from "../../../src/demos/catalog.ts";
import { en } from "../../../src/i18n/en/index.ts";
import { zh } from "../../../src/i18n/zh/index.ts";
import { root } from "../../support/root.ts";

/** What is missing of a demo, in sentences. */
async function missingOf(name: (typeof demoNames)[number]): Promise<string[]> {
  const demo = await loadDemo(name);
  const missing: string[] = [];
  const want = (there: boolean, sentence: string) => void (there || missing.push(`${name}: ${sentence}`));
  want(demo.name === name, `its name in demo.ts is '${demo.name}'`);
  const parts = ["title", "summary", "keywords", "watch", "why"];
  if (demo.prediction !== undefined)
    parts.push("predict", ...demo.prediction.choices.map((choice) => `predict.${choice}`));
  const keys = [...parts.map((part) => `demo.${name}.${part}`), ...demo.params.map((param) => `param.${param.name}`)];
  for (const [language, words] of Object.entries({ en, zh }))
    for (const key of keys)
      want(
        Object.hasOwn(words, key),
        `no words for ${key} (demos/${name}/words.${language}.ts, demos/words.${language}.ts)`,
      );
  const twice = demo.params.map((param) => param.name).filter((param, i, all) => all.indexOf(param) !== i);
  want(twice.length === 0, `parameter ${twice} stands there twice`);
  for (const param of demo.params)
    want(
      param.kind === "choice"
        ? param.values.includes(param.default)
        : param.min <= param.default && param.default <= param.max,
      `the default of ${param.name} is none of its values`,
    );
  want(
    /\blanes (run|map|lock) /.test(demo.command),
    `its command for one's own work is no command of lanes: ${demo.command}`,
  );
  for (const page of ["docs/json.md", "docs/json.zh-CN.md", "docs/demos.md", "docs/demos.zh-CN.md"]) {
    const rows = (await Bun.file(join(root, page)).text()).split("\n").filter((line) => line.startsWith("| `"));
    want(
      rows.some((row) => row.split("|")[1]?.includes(`\`${name}\``)),
      `${page} has no row for it`,
    );
  }
  for (const page of ["README.md", "README.zh-CN.md"])
    want((await Bun.file(join(root, page)).text()).includes(`\`${name}\``), `${page} does not name it`);
  return missing;
}

test("each demo has its words in both languages, its Python, sound parameters, a row in docs/demos.md and docs/json.md, its name in the READMEs", async () => {
  expect((await Promise.all(demoNames.map(missingOf))).flat()).toEqual([]);
});

test("each folder of a demo is in the catalog", () => {
  const folders = readdirSync(join(root, "src/demos"), { withFileTypes: true })
    .filter((one) => one.isDirectory() && one.name !== "analysis")
    .map(({ name }) => name);
  expect(folders.toSorted()).toEqual(demoNames.toSorted());
});
