#!/usr/bin/env bun
/**
 * `npm run new -- demo NAME`: a demo to begin with. Writes its folder, its line in the catalog, its words in both languages
 * and its rows in docs/demos.md and docs/json.md, all of them small and true: it plays as it is, and passes the test of the catalog. What to
 * change is marked `TODO`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoNames, isDemoName } from "../src/demos/catalog.ts";
import { filesOf } from "./new/demo.ts";

const root = join(import.meta.dir, "..");
const [kind, name = ""] = process.argv.slice(2);

/** Ends with a line that says what is wrong. */
function refuse(why: string): never {
  console.error(`new: ${why}`);
  process.exit(2);
}

if (kind !== "demo") refuse("npm run new -- demo NAME");
if (!/^[a-z][a-z0-9]{1,15}$/.test(name)) refuse(`'${name}' is no name of a demo: 2 to 16 of a-z and 0-9`);
if (isDemoName(name)) refuse(`there is a demo ${name} already`);

const folder = join(root, "src", "demos", name);
mkdirSync(folder);
for (const [file, text] of Object.entries(filesOf(name))) writeFileSync(join(folder, file), text);

/** Puts a line behind the last one that fits. */
function addLine(file: string, line: string, behind: RegExp): void {
  const path = join(root, file);
  const lines = readFileSync(path, "utf8").split("\n");
  const at = lines.findLastIndex((one) => behind.test(one));
  if (at < 0) refuse(`${file} has no line like ${behind}`);
  lines.splice(at + 1, 0, line);
  writeFileSync(path, lines.join("\n"));
}

const lastRow = new RegExp(`^\\| \`${demoNames.at(-1)}\` `);
addLine(
  "src/demos/catalog.ts",
  `  ${name}: entry("processes", () => import("./${name}/demo.ts")),`,
  /^ {2}\w+: entry\(/,
);
for (const language of ["en", "zh"]) {
  const words = `src/demos/words.${language}.ts`;
  addLine(
    words,
    `import { ${name} } from "./${name}/words.${language}.ts";`,
    /^import \{ \w+ \} from "\.\/\w+\/words\./,
  );
  addLine(words, `  ...${name},`, /^ {2}\.\.\.\w+,$/);
}
for (const page of ["docs/json.md", "docs/json.zh-CN.md"]) addLine(page, `| \`${name}\` | \`spawnMs\` |`, lastRow);
for (const page of ["docs/demos.md", "docs/demos.zh-CN.md"]) addLine(page, `| \`${name}\` | TODO |`, lastRow);
console.log(`src/demos/${name}/ is there, and lanes demo ${name} plays it. Next: what is marked TODO in it, then npm run check
and npx bun test tests/unit/demos/catalog.test.ts; it stands last in src/demos/catalog.ts, under "processes".`);
