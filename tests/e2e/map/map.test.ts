import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { map, numbers, put, summaryOf } from "../../support/map.ts";

let place: Playground;
let module: string;
beforeEach(() => {
  place = new Playground();
  module = put(
    place,
    "tools.ts",
    `let set = "";
export default (x: string) => Number(x) * 2;
export const echo = (x: unknown) => x;
export const facts = (item: unknown, { index, attempt, lane, pid, ppid, signal }: any) =>
  ({ item, index, attempt, lane, self: pid === process.pid, parent: ppid === process.ppid, aborted: signal.aborted });
export const pid = () => process.pid;
export const setup = async () => { await 0; set = "up"; };
export const isSet = () => set;
export const three = 3;
export const raw = (x: string) => x === "b" ? new Uint8Array([0x62, 0x0a]) : x === "none" ? undefined : x === "o" ? { x } : x;
`,
  );
});
afterEach(() => place.clean());

test("the arguments after FILE are the items, what looks like an option among them; results in order", async () => {
  const done = await map(place, ["-q", `${module}#echo`, "3", "-5", "--jobs", "a\nb", ""]);
  expect(done).toEqual({ stdout: '"3"\n"-5"\n"--jobs"\n"a\\nb"\n""\n', stderr: "", code: 0, signal: null });
});

test("the lines of stdin are the items: CRLF, empty lines, no end on the last, a byte order mark", async () => {
  const { stdout, code } = await map(place, ["-q", `${module}#echo`], { input: "\ufeffa\r\n\nc d\r\ne" });
  expect(stdout).toBe('"a"\n""\n"c d"\n"e"\n');
  expect(code).toBe(0);
});

test("no items, no output", async () => {
  expect(await map(place, ["-q", module], { input: "" })).toMatchObject({ stdout: "", stderr: "", code: 0 });
});

test("the function is told index, attempt, lane, pid, ppid and signal", async () => {
  const { stdout } = await map(place, ["-q", "-j1", `${module}#facts`, "a", "b"]);
  const facts = { attempt: 1, lane: "P1", self: true, parent: true, aborted: false };
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { item: "a", index: 0, ...facts },
    { item: "b", index: 1, ...facts },
  ]);
});

test("a hundred thousand items come out in order, on every way of cutting them", async () => {
  const input = numbers(100_000);
  const expected = Array.from({ length: 100_000 }, (_, i) => `${(i + 1) * 2}\n`).join("");
  for (const options of [["-j2"], ["-j3", "--chunk", "7000"], ["-j1"]]) {
    const { stdout, code } = await map(place, ["-q", ...options, module], { input });
    expect(stdout === expected).toBe(true);
    expect(code).toBe(0);
  }
});

test("--unordered prints the same results in any order", async () => {
  const { stdout } = await map(place, ["-q", "--unordered", module], { input: numbers(5000) });
  const sorted = stdout
    .trimEnd()
    .split("\n")
    .map(Number)
    .sort((a, b) => a - b);
  expect(sorted).toEqual(Array.from({ length: 5000 }, (_, i) => (i + 1) * 2));
});

test("--input jsonl: values in; blank lines are no items; a line that is not JSON fails alone", async () => {
  const input = '{"a":[1,null]}\n\n"x"\nxx\n7';
  const done = await map(place, ["--input", "jsonl", `${module}#echo`], { input });
  expect(done.stdout).toBe('{"a":[1,null]}\n"x"\n7\n');
  expect(done.stderr).toContain('line 4 failed ("xx"): not JSON');
  expect(done.stderr).toContain("4 items in");
  expect(done.code).toBe(1);
});

test("arguments as JSON", async () => {
  const { stdout } = await map(place, ["-q", "--input", "jsonl", `${module}#echo`, '{"a":\n1}', "[2]"]);
  expect(stdout).toBe('{"a":1}\n[2]\n');
});

test("invalid UTF-8 is a failed item, its neighbours are not", async () => {
  const input = Buffer.concat([Buffer.from("é\n"), Buffer.from([0xff, 0xfe, 10]), Buffer.from("日本")]);
  const { stdout, stderr, code } = await map(place, [`${module}#echo`], { input });
  expect(stdout).toBe('"é"\n"日本"\n');
  expect(stderr).toContain("line 2 failed");
  expect(stderr).toContain("UTF-8");
  expect(code).toBe(1);
});

test("--output raw: text and bytes as they are, nothing for undefined, JSON for the rest", async () => {
  const { stdout } = await map(place, ["-q", "--output", "raw", `${module}#raw`, "a", "b", "none", "o"]);
  expect(stdout).toBe('a\nb\n{"x":"o"}\n');
});

test("--init runs once in every worker, before its first item", async () => {
  const { stdout } = await map(place, ["-q", "-j2", "--init", "setup", `${module}#isSet`], { input: numbers(50) });
  expect(new Set(stdout.trimEnd().split("\n"))).toEqual(new Set(['"up"']));
});

test("--recycle N: no process runs more than N items", async () => {
  const { stdout } = await map(place, ["-q", "--recycle", "7", `${module}#pid`], { input: numbers(60) });
  const counts = new Map<string, number>();
  for (const pid of stdout.trimEnd().split("\n")) counts.set(pid, (counts.get(pid) ?? 0) + 1);
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(7);
  expect([...counts.values()].reduce((a, b) => a + b)).toBe(60);
});

test("--max-rss SIZE: a worker that has grown is replaced, and no item is lost", async () => {
  const leak = put(
    place,
    "leak.ts",
    "const kept: Uint8Array[] = []; export default () => { kept.push(new Uint8Array(3e7).fill(1)); return process.pid; };",
  );
  const { stdout, code } = await map(place, ["-q", "-j1", "--max-rss", "200M", leak], { input: numbers(20) });
  const pids = stdout.trimEnd().split("\n");
  expect(pids.length).toBe(20);
  expect(new Set(pids).size).toBeGreaterThan(1);
  expect(code).toBe(0);
});

test("--json: a summary on the last line of stderr", async () => {
  const done = await map(place, ["--json", module], { input: numbers(1000) });
  const summary = summaryOf(done);
  expect(summary).toMatchObject({ v: 1, ending: "done", items: 1000, ok: 1000, failed: 0, retried: 0, notDone: [] });
  expect(summary.chunks).toBeGreaterThan(0);
  expect(summary.utilisation).toBeGreaterThan(0);
  expect(summary.p99Ms).toBeGreaterThanOrEqual(summary.p50Ms);
  expect(done.stdout.split("\n").length).toBe(1001);
});

test("--jsonl: events on stderr, the summary last", async () => {
  const done = await map(place, ["--jsonl", "-j1", module, "1", "2"]);
  const events = done.stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const types = events.map((event) => event.type);
  expect(types.slice(0, 4)).toEqual(["recording", "spawn", "ready", "chunk"]);
  expect(types.slice(-2)).toEqual(["exit", "result"]);
  for (const event of events.slice(1, -1)) expect(event).toMatchObject({ lane: "P1", ppid: expect.any(Number) });
  expect(done.stdout).toBe("2\n4\n");
});

test("what workers print goes to stderr, with their lane", async () => {
  const loud = put(
    place,
    "loud.ts",
    "export default (x) => { console.log('one\\ntwo'); console.error('err'); return x; };",
  );
  const { stdout, stderr } = await map(place, ["-q", "-j1", loud, "a"]);
  expect(stdout).toBe('"a"\n');
  expect(stderr.split("\n").sort()).toEqual(["", "P1 | err", "P1 | one", "P1 | two"]);
});

test("an option after FILE is an item, and that is said; what is no file is refused", async () => {
  const module = put(place, "id.ts", "export default (x: string) => x;");
  const after = await map(place, [module, "--json", "-5", "--timeout=1s"]);
  expect([after.code, after.stdout]).toEqual([0, '"--json"\n"-5"\n"--timeout=1s"\n']);
  expect(after.stderr).toBe("lanes: --json stands after FILE, and so is an item; options stand before FILE\n");
  expect((await map(place, [module, "-5", "--nothing"])).stderr).toBe("");
  expect((await map(place, ["-q", module, "--json"])).stderr).toBe("");
  const piped = await place.shell("$LANES map <(echo 'export default (x) => x') a");
  expect([piped.code, piped.stderr]).toEqual([2, expect.stringContaining("is no file that can be read twice")]);
});

test("a module finds its own path in process.argv, and nothing of lanes' own", async () => {
  const module = put(place, "argv.ts", "const seen = process.argv.slice(1); export default () => seen;");
  expect((await map(place, [module, "a"])).stdout).toBe(`${JSON.stringify([module])}\n`);
});

test("--new writes a starter and its types, which run, and never writes over a file", async () => {
  mkdirSync(join(place.tmp, "work"));
  const written = await map(place, ["--new", "work/mine.ts"]);
  // With the ending that "moduleResolution": "nodenext" asks for.
  expect(readFileSync(join(place.tmp, "work/mine.ts"), "utf8")).toContain('from "./lanes-map.js"');
  expect(written.code).toBe(0);
  expect(existsSync(join(place.tmp, "work", "lanes-map.d.ts"))).toBe(true);
  const { stdout, code } = await map(place, ["-q", "--init", "setup", "work/mine.ts", "abc"]);
  expect(stdout).toBe('{"index":0,"item":"abc","length":3}\n');
  expect(code).toBe(0);
  const before = readFileSync(join(place.tmp, "work", "mine.ts"), "utf8");
  expect((await map(place, ["--new", "work/mine.ts"])).code).toBe(2);
  expect(readFileSync(join(place.tmp, "work", "mine.ts"), "utf8")).toBe(before);
});

test.each([
  [["-j", "-x"], "--jobs"],
  [["--chunk", "0"], "--chunk"],
  [["--chunk", "many"], "--chunk"],
  [["--timeout", ""], "--timeout"],
  [["--retries", "-1"], "--retries"],
  [["--recycle", "1e9"], "--recycle"],
  [["--max-rss", "big"], "--max-rss"],
  [["--input", "csv"], "--input"],
  [["--on-error", "panic"], "--on-error"],
])("%j is refused on one line that names the option", async (options, name) => {
  const { stdout, stderr, code } = await map(place, [...options, module, "1"]);
  expect(stdout).toBe("");
  expect(stderr.trimEnd().split("\n").length).toBe(1);
  expect(stderr).toContain(name);
  expect(code).toBe(2);
});

test("FILE is missing, is not there, is a folder", async () => {
  mkdirSync(join(place.tmp, "folder"));
  for (const args of [[], ["nope.ts"], ["nope.ts#x"], ["folder"], [""]]) {
    const { stdout, stderr, code } = await map(place, args);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n").length).toBe(1);
    expect(code).toBe(2);
  }
});
