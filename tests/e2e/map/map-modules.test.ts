import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { map, put } from "../../support/map.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
  for (const name of ["esm", "cjs", "exp"]) mkdirSync(join(place.tmp, "node_modules", name), { recursive: true });
  put(place, "node_modules/esm/package.json", '{"name":"esm","type":"module","main":"lib.js"}');
  put(place, "node_modules/esm/lib.js", "export const twice = (s) => s + s;");
  put(place, "node_modules/cjs/package.json", '{"name":"cjs","main":"main.js"}');
  put(place, "node_modules/cjs/main.js", "exports.upper = (s) => s.toUpperCase();");
  put(place, "node_modules/exp/package.json", '{"name":"exp","exports":{"./sub":"./deep.js"}}');
  put(place, "node_modules/exp/deep.js", "module.exports = (s) => '<' + s + '>';");
  put(place, "near.ts", "export const near = (s: string): string => s.split('').reverse().join('');");
});
afterEach(() => place.clean());

test("TypeScript with types, enums, top-level await, node_modules of every kind, relative files", async () => {
  const module = put(
    place,
    "all.ts",
    `import { twice } from "esm"; import cjs from "cjs"; import wrap from "exp/sub";
import { near } from "./near.ts"; import { near as again } from "./near";
import data from "./data.json";
enum Color { Red = 5 }
const waited: number = await Promise.resolve(1);
export default (s: string) => [twice(s), cjs.upper(s), wrap(s), near(s), again(s), Color.Red, waited, data.x];
`,
  );
  put(place, "data.json", '{"x":9}');
  const { stdout, stderr } = await map(place, ["-q", module, "ab"]);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual(["abab", "AB", "<ab>", "ba", "ba", 5, 1, 9]);
});

test.each([
  ["esm.mjs", "export default (s) => 'mjs ' + s;"],
  ["esm.js", "export default (s) => 'js ' + s;"],
  ["common.cjs", "module.exports = (s) => 'cjs ' + s;"],
  [
    "compiled.cjs",
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = (s) => 'es ' + s;",
  ],
  ["view.tsx", "export default (s: string) => 'tsx ' + s;"],
  ["with#hash.ts", "export default (s: string) => 'hash ' + s;"],
])("%s", async (name, source) => {
  const { stdout, stderr } = await map(place, ["-q", put(place, name, source), "x"]);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^"\w+ x"\n$/);
});

test("exports by name, of CommonJS too", async () => {
  const module = put(place, "named.cjs", "exports.one = () => 1; exports.two = () => 2;");
  expect((await map(place, ["-q", `${module}#two`, "x"])).stdout).toBe("2\n");
});

test("a folder's .env, bunfig.toml and broken package.json change nothing", async () => {
  put(place, ".env", "FROM_ENV=yes");
  put(place, "bunfig.toml", 'preload = ["./nope.ts"]');
  const module = put(place, "env.ts", "export default () => process.env.FROM_ENV ?? 'none';");
  expect((await map(place, ["-q", module, "x"])).stdout).toBe('"none"\n');
});

test.each([
  [
    "syntax",
    "export default (x) => {\n  const y = ;\n}\n",
    [":2:13: Unexpected ;", "2 |   const y = ;", "            ^"],
  ],
  ["throws", "\nthrow new RangeError('at load');", ["RangeError: at load", "throws.ts:2:"]],
  ["import", 'import "no-such-package"; export default () => 1;', ["no-such-package"]],
  ["exits", "process.exit(5);", ["exit code 5"]],
  ["number", "export default 3;", ["'default'", "number"]],
  ["nothing", "export const a = () => 1;", ["'default'", "a"]],
])("a module that cannot be used (%s): said once, exit 2", async (name, source, words) => {
  const module = put(place, `${name}.ts`, source);
  const { stdout, stderr, code } = await map(place, ["-j4", module, "1", "2", "3", "4", "5"]);
  expect(stdout).toBe("");
  for (const word of words) expect(stderr).toContain(word);
  expect(stderr.split(`${name}.ts`).length).toBeLessThanOrEqual(3);
  expect(stderr.match(/^lanes: /gm)?.length).toBe(1);
  expect(code).toBe(2);
});

test("--init that is not there: exit 2; that throws: exit 1; both once", async () => {
  const module = put(
    place,
    "init.ts",
    "export default (x) => x; export const setup = () => { throw new Error('no connection'); };",
  );
  const missing = await map(place, ["--init", "nope", module, "1"]);
  expect(missing.stderr).toContain("'nope'");
  expect(missing.code).toBe(2);
  const failed = await map(place, ["-j3", "--init", "setup", module, "1", "2", "3"]);
  expect(failed.stderr.match(/no connection/g)?.length).toBe(1);
  expect(failed.code).toBe(1);
});

test("a module that maps itself is refused instead of starting lanes without end", async () => {
  const module = put(
    place,
    "nested.ts",
    `export default (x: string) => {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "map", import.meta.path, x]);
  return [exitCode, stderr.toString()];
};`,
  );
  const { stdout } = await map(place, ["-q", module, "1"]);
  const [code, text] = JSON.parse(stdout);
  expect(code).toBe(2);
  expect(text).toContain("nested.ts");
});
