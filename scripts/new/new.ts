#!/usr/bin/env bun
/**
 * `npm run new -- demo NAME [GROUP]`: a demo to begin with. Writes its folder, its line in the catalog, its words in both languages, its
 * names in the READMEs, its rows in docs/demos.md and docs/json.md, and what its programs print in the test of them, all of it small and
 * true: it plays as it is, and passes the tests. What to change is marked `TODO`, and a test fails as long as one is left.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoGroup, demoNames, isDemoName } from "../../src/demos/catalog.ts";
import { filesOf, toldOf } from "./demo.ts";

const root = join(import.meta.dir, "..", "..");
const [kind, name = "", group = "processes"] = process.argv.slice(2);

/** Ends with a line that says what is wrong. */
function refuse(why: string): never {
  console.error(`new: ${why}`);
  process.exit(2);
}

if (kind !== "demo") refuse("npm run new -- demo NAME [GROUP]");
if (!/^[a-z][a-z0-9]{1,15}$/.test(name)) refuse(`'${name}' is no name of a demo: 2 to 16 of a-z and 0-9`);
if (isDemoName(name)) refuse(`there is a demo ${name} already`);
const last = demoNames.filter((one) => demoGroup(one) === group).at(-1);
if (last === undefined) refuse(`'${group}' is no group of demos: ${[...new Set(demoNames.map(demoGroup))].join(", ")}`);

const folder = join(root, "src", "demos", name);
mkdirSync(folder);
for (const [file, text] of Object.entries(filesOf(name))) writeFileSync(join(folder, file), text);

const touched = new Set([`src/demos/${name}`]);

/** Puts a line behind the last one that fits. */
function addLine(file: string, line: string, behind: RegExp): void {
  const path = join(root, file);
  touched.add(file);
  const lines = readFileSync(path, "utf8").split("\n");
  const at = lines.findLastIndex((one) => behind.test(one));
  if (at < 0) refuse(`${file} has no line like ${behind}`);
  lines.splice(at + 1, 0, line);
  writeFileSync(path, lines.join("\n"));
}

/** Names it behind the last one of its group, where all are listed. */
function addName(file: string): void {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(`\`${last}\``)) refuse(`${file} does not list \`${last}\``);
  touched.add(file);
  writeFileSync(
    path,
    text.replace(`\`${last}\``, (found) => `${found} \`${name}\``),
  );
}

const lastRow = new RegExp(`^\\| [^|]*\`${last}\`[^|]*\\|`);
addLine(
  "src/demos/catalog.ts",
  `  ${name}: entry("${group}", () => import("./${name}/demo.ts")),`,
  new RegExp(`^ {2}${last}: entry\\(`),
);
addLine("tests/e2e/demos/demo-programs.test.ts", toldOf(name), /^ {2}(\}|\w+: \{.*\}),$/);
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
for (const page of ["README.md", "README.zh-CN.md"]) addName(page);
// Imports in order, tables with columns.
const tidied = Bun.spawnSync(["node_modules/.bin/biome", "check", "--write", ...touched], { cwd: root });
if (!tidied.success) refuse(`biome: ${tidied.stderr}`);
console.log(`src/demos/${name}/ is there, and npx bun src/main.ts demo ${name} plays it: last of the group "${group}" in src/demos/catalog.ts.
Next: what is marked TODO (git grep -n TODO), a line in CHANGELOG.md, what it promises of real processes in tests/process/demos;
then npm run check, npm run test:quick, and npm test -- tests/e2e/demos/demo-programs.test.ts tests/e2e/demos/demos.test.ts.`);
