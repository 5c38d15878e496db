/** `lanes init` and `lanes check`: with the executable alone, types for editor and checker; nothing is overwritten. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { program } from "../../support/program.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

test("init, check, run: the tutorial's programs; a second init changes nothing", async () => {
  expect((await place.run(["init", "new", "--tutorial"])).code).toBe(0);
  const check = await place.shell("cd new && $LANES check");
  expect([check.code, check.stdout]).toEqual([0, ""]);
  const mine = "mine";
  writeFileSync(join(place.tmp, "new/1-function.ts"), mine);
  writeFileSync(join(place.tmp, "new/tsconfig.json"), "{}");
  const again = await place.run(["init", "new", "--tutorial"]);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("is there already")]);
  expect(readFileSync(join(place.tmp, "new/1-function.ts"), "utf8")).toBe(mine);
  const ran = await place.shell("cd new && $LANES 4-mutex.ts | sort -k 3");
  expect(ran.stdout.match(/has a ticket/g)?.length).toBe(1);
  writeFileSync(join(place.tmp, "package.json"), "{}");
  const packaged = await place.run(["init"]);
  expect([packaged.code, packaged.stderr, existsSync(join(place.tmp, "types"))]).toEqual([
    0,
    expect.stringContaining("npm i -D lanes"),
    false,
  ]);
});

test("check and exec --check: what does not fit is said, and then nothing runs; a lone file needs nothing beside it", async () => {
  const wrong = [
    'new Process({ target: greet, args: ["a"] });',
    "new Process({ target: greet });",
    'new Process({ target: greet, args: ["a", "b"] });',
    "new Process({ target: (f: () => void) => f(), args: [() => {}] });",
    "new Process({ target: take, args: [new User()] });",
    "new Process({ target: take, args: [Promise.resolve(1)] });",
    "class W extends Process<number> { override run() { return 'no'; } }",
    'new SharedValue("int32", 1n);',
    "const n: number = await new Process({ target: () => 'text' }).result;",
    'await new Pool().apply(greet, "a");',
    'new Pool(2, { initializer: greet, initArgs: ["a"] });',
    "new Pool(2, { initializer: greet });",
    'await new Pool().map(half, ["a"]);',
    "const texts: string[] = await new Pool().map(half, [1]);",
    'await new Pool().starmap(greet, [["a"]]);',
    "await new Pool().apply(half, () => 1);",
    "for await (const s of new Pool().imap(half, [1])) s.length;",
  ];
  const top = [
    'import { Lock, Pool, Process, SharedValue } from "lanes";',
    "function half(x: number) { return x / 2; }",
    'const halves: number[] = await new Pool(2, { initializer: greet, initArgs: ["a", 1] }).map(half, new Set([1, 2]), { chunkSize: 1 });',
    "for await (const h of new Pool().imap(async (x: number) => x, (async function* () { yield 1; })())) h.toFixed();",
    "class User { hello() {} }",
    "function greet(name: string, times: number) { console.log(name, times, Bun.version, process.pid); }",
    "function take(x: any) { return x; }",
    'console.log("ran");',
    'const right: string = await new Process({ target: (x: Map<string, Date>) => "text", args: [new Map([["a", new Date()]])] }).result;',
    'new Process({ target: (lock: Lock, v: SharedValue<"int32">) => {}, args: [new Lock(), new SharedValue("int32", 0)] });',
  ];
  program(place, [...top, ...wrong].join("\n"));
  const { code, stdout } = await place.run(["check", "program.ts"]);
  const lines = stdout.split("\n").flatMap((line) => /^program\.ts\((\d+),/.exec(line)?.[1] ?? []);
  const expected = wrong.map((_, at) => String(top.length + 1 + at)).filter((line) => lines.includes(line));
  expect([code, lines]).toEqual([1, expected]);
  // `any` takes what it gets: the two of take() are for the program itself to refuse.
  expect(expected.length).toBe(wrong.length - 2);
  const run = await place.run(["exec", "--check", "program.ts"]);
  expect([run.code, run.stdout.includes("\nran")]).toEqual([1, false]);
  expect((await place.run(["check", "gone.ts"])).code).toBe(2);
});
