/** The tsconfig.json of the user's module holds for it, wherever lanes is started, and for nothing else. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { map, put } from "../../support/map.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** Writes a file into a folder of the playground. */
function file(name: string, text: string): string {
  mkdirSync(dirname(join(place.tmp, name)), { recursive: true });
  return put(place, name, text);
}
const tsconfig = (compilerOptions: object, more: object = {}, name = "app/tsconfig.json") =>
  file(name, JSON.stringify({ compilerOptions, ...more }));
/** The one result of a map of the item `x`. @throws what it said instead. */
async function result(module: string, options: readonly string[] = []): Promise<unknown> {
  const { stdout, stderr } = await map(place, ["-q", ...options, module, "x"]);
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}

test("paths: by pattern, by name, several candidates, of a base (with comments), from a folder further up", async () => {
  tsconfig({ paths: { "@/*": ["./gone/*", "./src/lib/*"], "~one": ["./src/one.ts"] } }, { extends: "./base" });
  file("app/base.json", '{ /* comments */ "compilerOptions": { "baseUrl": "./src", }, }');
  file("app/src/lib/two.ts", 'export { three } from "lib/three";\nexport const two = 2;');
  file("app/src/lib/three.ts", "export const three = 3;");
  file("app/src/one.ts", "export const one = 1;");
  tsconfig({ baseUrl: "./src" }, { extends: "./base" });
  tsconfig({ baseUrl: ".", paths: { "@/*": ["gone/*", "src/lib/*"], "~one": ["src/one.ts"], "lib/*": ["src/lib/*"] } });
  const module = file(
    "app/src/jobs/deep/a.ts",
    'import { two, three } from "@/two";\nimport { one } from "~one";\nexport default async () => [one, two, three, (await import("@/three")).three];',
  );
  expect(await result(module)).toEqual([1, 2, 3, 3]);
});

const decorated = `type Any = any;
export function log(_: Any, key: string, d: PropertyDescriptor) {
  const inner = d.value;
  d.value = function (...args: Any[]) { return key + ":" + inner.apply(this, args); };
}
export class Service {
  @log
  run(x: string) { return x; }
}
`;

test("experimentalDecorators: in the module, in what it imports by name or by path, and of a base", async () => {
  tsconfig({ paths: { "@/*": ["./lib/*"] } }, { extends: "./base.json" });
  tsconfig({ experimentalDecorators: true }, {}, "app/base.json");
  file("app/lib/service.ts", decorated);
  const module = file(
    "app/job.ts",
    `import { Service as Other } from "@/service";\n${decorated}\nexport default async (x: string) => [new Service().run(x), new Other().run(x), new (await import("./lib/service")).Service().run(x), import.meta.file, __dirname];`,
  );
  expect(await result(module)).toEqual(["run:x", "run:x", "run:x", "job.ts", dirname(module)]);
});

test("emitDecoratorMetadata: types as values", async () => {
  tsconfig({ experimentalDecorators: true, emitDecoratorMetadata: true });
  const module = file(
    "app/meta.ts",
    `const kept: string[] = [];
(Reflect as any).metadata = (key: string, value: any) => () => { kept.push(key + "=" + (Array.isArray(value) ? value.map((v) => v.name) : value?.name)); };
const mark = (..._: any[]) => {};
class Dep {}
class Target { @mark field!: Dep; @mark method(_a: string, _b: number): Dep { return new Dep(); } }
export default () => [typeof Target, ...kept];`,
  );
  expect(await result(module)).toContain("design:paramtypes=String,Number");
});

test("useDefineForClassFields false: a declared field does not overwrite what the base class has set", async () => {
  const source = `class A { x?: number; constructor() { this.init(); } init() {} }
class B extends A { override x!: number; override init() { this.x = 5; } }
export default () => new B().x ?? null;`;
  tsconfig({ useDefineForClassFields: false });
  expect(await result(file("app/fields.ts", source))).toBe(5);
  expect(await result(file("elsewhere/fields.ts", source))).toBeNull();
});

test("jsx: the factory, or the package it is imported from", async () => {
  const source = 'const h = (tag: string) => "h:" + tag;\nvoid h;\nexport default () => <b>x</b>;';
  tsconfig({ jsx: "react", jsxFactory: "h" });
  expect(await result(file("app/view.tsx", source))).toBe("h:b");
  tsconfig({ jsx: "react-jsx", jsxImportSource: "tiny" }, {}, "other/tsconfig.json");
  file("other/node_modules/tiny/package.json", '{"name":"tiny","exports":{"./jsx-runtime":"./jsx.js"}}');
  file("other/node_modules/tiny/jsx.js", 'exports.jsx = (tag) => "tiny:" + tag;');
  expect(await result(file("other/view.tsx", "export default () => <b>x</b>;"))).toBe("tiny:b");
});

test("stacks still name the line that was written; CommonJS stays CommonJS", async () => {
  tsconfig({ experimentalDecorators: true, useDefineForClassFields: false });
  const module = file(
    "app/throws.ts",
    `interface Unused {\n  a: number;\n}\n\n${decorated}\nclass X {\n  y = 1;\n}\nexport default (x: string) => {\n  void new X();\n  throw new Error("line 20 of " + x);\n};\n`,
  );
  const { stderr } = await map(place, [module, "x"]);
  expect(stderr).toContain(`(${module}:20:`);
  expect(stderr).not.toContain("bunfs");
  const common = file(
    "app/common.cts",
    'const path = require("node:path");\nclass A { x!: number }\nmodule.exports = (x: string) => [x, path.basename(__filename), typeof A];',
  );
  expect(await result(common)).toEqual(["x", "common.cts", "function"]);
});

test("a tsconfig.json that makes no sense is named, with what is wrong with it: exit 2, nothing started", async () => {
  const module = file("app/same.ts", "export default (x: string) => x;");
  for (const [text, why] of [
    ['{ "compilerOptions": ', "JSONC Parse error"],
    ["[1]", "not an object"],
    ['{ "compilerOptions": { "jsx": "zork" } }', '"zork"'],
    ['{ "compilerOptions": { "paths": [1] } }', "compilerOptions.paths"],
    ['{ "compilerOptions": 5 }', "compilerOptions is not an object"],
  ] as const) {
    const path = file("app/tsconfig.json", text);
    const { stdout, stderr, code } = await map(place, [module, "x"]);
    expect(stderr).toContain(`${path} cannot be used`);
    expect(stderr).toContain(why);
    expect([stdout, code]).toEqual(["", 2]);
  }
});

test("a base that is not there is told, once, and left out", async () => {
  const path = tsconfig({ useDefineForClassFields: false }, { extends: "@tsconfig/none/tsconfig.json" });
  const module = file("app/same.ts", "export default (x: string) => x;");
  const { stdout, stderr, code } = await map(place, ["-q", "-j2", module, "x", "y"]);
  expect([stdout, code]).toEqual(['"x"\n"y"\n', 0]);
  expect(stderr.match(/@tsconfig\/none/g)?.length).toBe(1);
  expect(stderr).toContain(path);
});

test("lanes itself does not change with the folder it is started in", async () => {
  put(
    place,
    "tsconfig.json",
    '{ "compilerOptions": { "paths": { "node:fs": ["./evil.ts"], "*": ["./evil.ts"] }, "broken',
  );
  put(place, "evil.ts", 'throw new Error("evil")');
  const done = await place.run(["run", "-q", "echo", ":::", "a"]);
  expect([done.stdout, done.stderr, done.code]).toEqual(["a\n", "", 0]);
});
