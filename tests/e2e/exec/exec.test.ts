/** `lanes exec`: a program of the user's runs as it would by itself, and ends as it would. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { execute, printed, program } from "../../support/program.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const own = "console.log(import.meta.main, JSON.stringify(process.argv.slice(2)));\nexport {};\n";

test("a program: import.meta.main, its arguments, lanes FILE.ts, a file without extension by its first line", async () => {
  const file = program(place, own);
  expect(await place.run(["exec", file, "-x", "--json", "a b"])).toMatchObject({
    code: 0,
    stdout: 'true ["-x","--json","a b"]\n',
    stderr: "",
  });
  expect((await place.run(["program.ts", "1"])).stdout).toBe('true ["1"]\n');
  const script = program(place, `#!/usr/bin/env -S lanes exec\nconst n: number = 1;\n${own}`, "script");
  chmodSync(script, 0o755);
  const { stdout } = await place.shell(`PATH=${dirname(lanes)}:$PATH ./script 2`);
  expect(stdout).toBe('true ["2"]\n');
});

test("its exit code is the program's own; what it began goes on to its end", async () => {
  const ends = async (text: string) => {
    const { code, stdout } = await execute(place, `${text}\nexport {};`);
    return [code, stdout];
  };
  expect(await ends("process.exit(3)")).toEqual([3, ""]);
  expect(await ends("process.exitCode = 4;")).toEqual([4, ""]);
  expect(await ends('setTimeout(() => console.log("timer"), 20);')).toEqual([0, "timer\n"]);
  expect(
    await ends(
      'process.on("beforeExit", () => { console.log("once"); process.removeAllListeners("beforeExit"); setTimeout(() => console.log("more"), 5); });',
    ),
  ).toEqual([0, "once\nmore\n"]);
  expect(await ends('process.on("exit", (code) => console.log("exit", code));')).toEqual([0, "exit 0\n"]);
  expect(await ends("process.kill(process.pid, 'SIGTERM'); await Bun.sleep(5000);")).toEqual([null, ""]);
});

test("errors that nobody catches: exit code 1, the line, the user's frames and no others", async () => {
  const late = await execute(
    place,
    'setTimeout(() => {\n  throw new TypeError("late");\n}, 5);\nsetInterval(() => {}, 1000);',
  );
  expect(late).toMatchObject({ code: 1, stdout: "" });
  expect(late.stderr).toMatch(
    /^\S+program\.ts:2\n2 \| {3}throw new TypeError\("late"\);\n {16}\^\nTypeError: late\n {4}at .*program\.ts:2:13\)\n$/,
  );
  const rejected = await execute(place, 'Promise.reject(new Error("nobody"));\nsetInterval(() => {}, 1000);');
  expect(rejected.code).toBe(1);
  expect(rejected.stderr).toContain("Error: nobody");
  const thrown = await execute(place, 'export {};\nawait Bun.sleep(1);\nthrow { no: "error" };');
  expect([thrown.code, thrown.stderr]).toEqual([1, '{\n  no: "error",\n}\n']);
  const own = await execute(
    place,
    'process.on("uncaughtException", (error) => console.log("mine", error.message));\nsetTimeout(() => { throw new Error("x"); }, 1);',
  );
  expect([own.code, own.stdout]).toEqual([0, "mine x\n"]);
});

test("a wait at the top level that nothing can end: exit code 13, and it is said", async () => {
  const { code, stderr } = await execute(place, "await new Promise(() => {});\nexport {};");
  expect(code).toBe(13);
  expect(stderr).toContain("waits at its top level");
});

test.each([
  ["not there", ["exec", "gone.ts"], "no such file: gone.ts"],
  ["not there, without exec", ["gone.ts"], "no such file: gone.ts"],
  ["a folder", ["exec", "folder"], "folder is a folder"],
  ["does not parse", ["exec", "broken.ts"], /broken\.ts:1:11: .*\n.*const x = ;/],
  ["an import that is not there", ["exec", "import.ts"], "Cannot find module './gone.ts'"],
  ["an import without that name", ["exec", "name.ts"], "Nothing"],
  ["a ? in its path", ["exec", "what?.ts"], "takes what follows the '?' for a query"],
  ["a circle of links", ["exec", "circle.ts"], "cannot read circle.ts (ELOOP)"],
  ["a name too long", ["map", `${"x".repeat(300)}.ts`, "1"], "(ENAMETOOLONG)"],
  ["below a file", ["broken.ts/gone.ts"], "no such file: broken.ts/gone.ts"],
  ["nothing", ["exec"], "FILE"],
])("%s: exit code 2", async (_, args, said) => {
  mkdirSync(join(place.tmp, "folder"));
  program(place, "const x = ;", "broken.ts");
  program(place, 'import "./gone.ts";\nconsole.log("ran");', "import.ts");
  program(place, 'import { Nothing } from "lanes";\nconsole.log(Nothing);', "name.ts");
  program(place, "console.log(1)", "what?.ts");
  symlinkSync("circle.ts", join(place.tmp, "circle.ts"));
  const { code, stdout, stderr } = await place.run(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(said);
});

test("an import that fails while it runs is its own error: 1", async () => {
  const { code, stdout } = await execute(place, 'console.log("ran");\nawait import("./gone.ts");\nexport {};');
  expect([code, stdout]).toEqual([1, "ran\n"]);
});

test("processes, wherever the file lies: spaces, #, %, brackets, Chinese, behind a link", async () => {
  const text =
    'import { Process } from "lanes";\nimport { more } from "./more.ts";\nfunction hello() { return more; }\nif (import.meta.main) console.log(await new Process({ target: hello }).start().result);\n';
  for (const name of ["a b/c d.ts", "a#b/c#d.ts", "a%41/b%20c.ts", "[a]/(b)+$.ts", "它/程序.ts", 'it\'s/"q".ts']) {
    program(place, 'export const more: string = "found";', join(dirname(name), "more.ts"));
    expect((await place.run(["exec", program(place, text, name)])).stdout).toBe("found\n");
  }
  symlinkSync("a b/c d.ts", join(place.tmp, "link.ts"));
  expect((await place.run(["exec", "link.ts"])).stdout).toBe("found\n");
});

test("what it says in stdout is its own: pipes, a closed reader, stdin", async () => {
  program(place, "process.stdout.write((await Bun.stdin.text()).toUpperCase());\nexport {};");
  expect((await place.shell("printf 'a\\nb\\n' | $LANES exec program.ts")).stdout).toBe("A\nB\n");
  program(place, 'for (let i = 0; i < 100000; i++) console.log("line", i);', "many.ts");
  expect((await place.shell("$LANES exec many.ts | head -2; echo ${PIPESTATUS[0]}")).stdout).toMatch(
    /^line 0\nline 1\n\d+\n$/,
  );
});

test("its own threads have the library too", async () => {
  program(place, 'import { cpuCount } from "lanes";\npostMessage(cpuCount() > 0);', "thread.ts");
  const said = await printed(
    place,
    "",
    'const worker = new Worker(new URL("./thread.ts", import.meta.url));\nconsole.log(await new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data))));\nworker.terminate();',
  );
  expect(said).toEqual(["true"]);
});

test("its tsconfig.json holds for it and in its processes: paths, decorators; places are found all the same", async () => {
  program(
    place,
    JSON.stringify({ compilerOptions: { experimentalDecorators: true, paths: { "~/*": ["./lib/*"] } } }),
    "app/tsconfig.json",
  );
  program(place, "export const three = 3;", "app/lib/three.ts");
  const file = program(
    place,
    `import { Process } from "lanes";
import { three } from "~/three";
const seen: string[] = [];
function note(_target: object, name: string, _descriptor: PropertyDescriptor) { seen.push(name); }
class Work extends Process<string> {
  constructor(private n: number) { super(); }
  @note half() { return this.n / 2; }
  override run() { return \`\${this.half()} \${three} \${seen}\`; }
}
function plain(n: number) { return n + three; }
if (import.meta.main) {
  console.log(await new Work(8).start().result);
  console.log(await new Process({ target: plain, args: [1] }).start().result);
}
`,
    "app/main.ts",
  );
  expect(await place.run(["exec", file])).toMatchObject({ code: 0, stdout: "4 3 half\n4\n", stderr: "" });
  program(place, "{ nonsense", "app/tsconfig.json");
  expect((await place.run(["exec", file])).code).toBe(2);
});

test("the executable alone is enough: copied elsewhere, no checkout beside it", async () => {
  const copy = join(place.tmp, "another-name");
  cpSync(lanes, copy);
  const file = program(
    place,
    'import { Process } from "lanes";\nfunction hi() { console.log("hi"); }\nif (import.meta.main) await new Process({ target: hi }).start().join();',
  );
  const child = Bun.spawn([copy, "exec", file], { env: place.env, cwd: "/", stdout: "pipe", stderr: "pipe" });
  expect([await child.stdout.text(), await child.stderr.text(), await child.exited]).toEqual(["hi\n", "", 0]);
  expect(readFileSync(file, "utf8")).toContain("hi");
});
