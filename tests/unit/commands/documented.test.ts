/** Each command is in the docs, in both languages, and what `--json` prints of it; and the manual page takes what its help takes. */

import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog, entries } from "../../../src/commands/catalog.ts";
import { definitionsOf } from "../../../src/commands/definitions.ts";
import { manPage } from "../../../src/commands/man/page.ts";
import { root } from "../../support/root.ts";

const read = (page: string) => (existsSync(join(root, page)) ? readFileSync(join(root, page), "utf8") : "");
const all = readdirSync(join(root, "docs")).map((page) => `docs/${page}`);

/** What describes it is in the tables of its options. */
const ofItself = ["version", "licenses", "man", "completions"];

test.each([
  ["", "README.md", all.filter((page) => !page.includes(".zh-CN."))],
  [".zh-CN", "README.zh-CN.md", all.filter((page) => page.includes(".zh-CN."))],
] as const)("each command is named in the docs: '%s'", async (ending, readme, pages) => {
  const text = [readme, ...pages].map(read).join("\n");
  const missing: string[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    if (!ofItself.includes(name) && !text.includes(`lanes ${name}`))
      missing.push(`lanes ${name}: a page docs/${name}${ending}.md, or a line in one that is there`);
    const { options } = await entry.load([]);
    const said =
      read(`docs/json${ending}.md`).includes(`\`lanes ${name}`) || /--json\b/.test(read(`docs/${name}${ending}.md`));
    if ("json" in options && !said)
      missing.push(
        `lanes ${name} --json: a row in docs/json${ending}.md, or what it prints in docs/${name}${ending}.md`,
      );
  }
  expect(missing).toEqual([]);
});

test("a description of several paragraphs is several in the manual page, with an empty line between them or not", async () => {
  const [first, ...others] = await definitionsOf(catalog);
  const described = (description: string) =>
    manPage([{ ...first!, description }, ...others.map((one) => ({ ...one, description }))]);
  expect(described("One.\n\nTwo.")).toBe(described("One.\nTwo."));
});
