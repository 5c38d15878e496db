import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { map, numbers, put, summaryOf } from "../../support/map.ts";
import { root } from "../../support/root.ts";

let place: Playground;
let module: string;
beforeEach(() => {
  place = new Playground();
  module = put(
    place,
    "faulty.ts",
    `interface Context { attempt: number; signal: AbortSignal }
export default async (x: string, { attempt, signal }: Context) => {
  if (x === "throw") throw new TypeError("bad " + x);
  if (x === "string") throw "just text";
  if (x === "exit") process.exit(3);
  if (x === "exit0") process.exit(0);
  if (x === "SIGSEGV" || x === "SIGKILL" || x === "SIGABRT") process.kill(process.pid, x);
  if (x === "once" && attempt === 1) process.kill(process.pid, "SIGKILL");
  if (x === "flaky" && attempt < 3) throw new Error("attempt " + attempt);
  if (x === "hang") await new Promise(() => {});
  if (x === "spin") for (;;);
  if (x === "abort") await new Promise((_, no) => signal.addEventListener("abort", () => no(signal.reason)));
  if (x === "late") { setTimeout(() => { throw new Error("thrown late"); }, 1); await new Promise(() => {}); }
  if (x === "unheard") { void Promise.reject(new Error("nobody listens")); await new Promise(() => {}); }
  if (x === "oom") { const kept: Uint8Array[] = []; for (;;) kept.push(new Uint8Array(1e7).fill(1)); }
  return results[x] === undefined ? x : results[x]();
};
const results: Record<string, () => unknown> = {
  bigint: () => ({ a: [1, 2n] }),
  circle: () => { const o: any = { b: {} }; o.b.c = o; return o; },
  nan: () => ({ "a b": [0, NaN] }),
  map: () => ({ m: new Map() }),
  fn: () => () => 1,
  symbol: () => [Symbol("s")],
  bytes: () => new Uint8Array(2),
  date: () => ({ at: new Date(0), nothing: undefined }),
  nothing: () => undefined,
};
`,
  );
});
afterEach(() => place.clean());

const others = ["a", "b", "c", "d", "e"];
/** The bad item among good ones, which must all come out, in order. */
const among = (bad: string) => ["a", "b", bad, "c", "d", "e"];
const good = others.map((x) => `"${x}"\n`).join("");

test.each([
  ["throw", "TypeError: bad throw"],
  ["string", "just text"],
  ["exit", "exit code 3"],
  ["exit0", "exit code 0"],
  ["SIGSEGV", "SIGSEGV"],
  ["SIGKILL", "SIGKILL"],
  ["SIGABRT", "SIGABRT"],
  ["late", "thrown late"],
  ["unheard", "nobody listens"],
  ["bigint", "result.a[1] is a BigInt (2n)"],
  ["circle", "result.b.c contains itself"],
  ["nan", 'result["a b"][1] is NaN'],
  ["map", "result.m is a Map"],
  ["fn", "result is a function"],
  ["symbol", "result[0] is a symbol"],
  ["bytes", "result is a Uint8Array"],
])("%s: that item fails and says why, the others come out, exit 1", async (bad, why) => {
  const { stdout, stderr, code } = await map(place, [module, ...among(bad)]);
  expect(stdout).toBe(good);
  expect(stderr).toContain(`item 3 failed ("${bad}")`);
  expect(stderr).toContain(why);
  expect(stderr).toContain("6 items");
  expect(stderr).toContain("1 failed");
  expect(code).toBe(1);
});

test("what JSON can hold after all: dates, properties without a value, nothing", async () => {
  const { stdout, code } = await map(place, ["-q", module, "date", "nothing"]);
  expect(stdout).toBe('{"at":"1970-01-01T00:00:00.000Z"}\nnull\n');
  expect(code).toBe(0);
});

test("a stack names the user's source, line and column, and nothing of lanes", async () => {
  const { stderr } = await map(place, [module, "throw"]);
  expect(stderr).toContain(`${module}:3:`);
  expect(stderr).not.toContain("$bunfs");
});

test.each(["hang", "spin", "abort"])("--timeout: %s fails, its worker alone is replaced", async (bad) => {
  const { stdout, stderr, code } = await map(place, ["--timeout", "1s", module, ...among(bad)]);
  expect(stdout).toBe(good);
  expect(stderr).toContain("--timeout");
  expect(code).toBe(1);
});

test("a worker that is killed for its memory is not fed the same item for ever", async () => {
  const { stdout, stderr, code } = await map(place, ["--max-rss", "300M", module, ...among("oom")]);
  expect(stdout).toBe(good);
  expect(stderr).toContain("--max-rss");
  expect(code).toBe(1);
});

test("an item whose worker was killed runs again, and its innocent neighbours too: all come out once", async () => {
  const items = [...others, "once", ...others];
  for (const options of [[], ["--chunk", "11"], ["--unordered"]]) {
    const done = await map(place, ["--json", "-j2", ...options, module, ...items]);
    expect(done.stdout.trimEnd().split("\n").sort()).toEqual(items.map((x) => `"${x}"`).sort());
    expect(summaryOf(done)).toMatchObject({ items: 11, ok: 11, failed: 0, crashes: 1, retried: 1 });
    expect(done.code).toBe(0);
  }
});

test("--retries N: a failed item is tried N times more; 0: not even after a crash", async () => {
  expect(await map(place, ["-q", "--retries", "2", module, "flaky"])).toMatchObject({ stdout: '"flaky"\n', code: 0 });
  const once = await map(place, ["--retries", "1", module, "flaky"]);
  expect(once.stderr).toContain("after 2 attempts: Error: attempt 2");
  expect(once.code).toBe(1);
  const none = await map(place, ["--json", "--retries", "0", module, "once"]);
  expect(summaryOf(none)).toMatchObject({ ok: 0, failed: 1, retried: 0 });
});

test("--on-error record: a record in the result's place, exit 1", async () => {
  const { stdout, code } = await map(place, ["-q", "--on-error", "record", module, "a", "throw", "b"]);
  const [a, record, b] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect([a, b]).toEqual(["a", "b"]);
  expect(record).toMatchObject({ index: 1, error: { name: "TypeError", message: "bad throw" } });
  expect(record.error.stack).toContain("faulty.ts:3:");
  expect(code).toBe(1);
});

test("--on-error skip: nothing in its place, nothing said, exit 0", async () => {
  expect(await map(place, ["-q", "--on-error", "skip", module, "a", "throw", "b"])).toMatchObject({
    stdout: '"a"\n"b"\n',
    stderr: "",
    code: 0,
  });
});

test("on success a script hears nothing, but for --summary; a failed item is told with -q too, and summed up without", async () => {
  expect((await map(place, [module, "a"])).stderr).toBe("");
  expect((await map(place, ["--summary", module, "a"])).stderr).toMatch(/^lanes: 1 item in .*\n$/);
  const told = /^lanes: item 2 failed /;
  const { stderr } = await map(place, [module, "a", "throw"]);
  expect(stderr).toMatch(told);
  expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^lanes: 2 items in .*; 1 failed$/);
  const quiet = (await map(place, ["-q", module, "a", "throw"])).stderr;
  expect(quiet).toMatch(told);
  expect(quiet).not.toContain("2 items");
  expect((await map(place, ["--on-error", "skip", module, "a", "throw"])).stderr).toMatch(
    /^lanes: 2 items in .*; 1 failed$/m,
  );
});

test("--on-error stop: every result before the failed item, none after it, exit 1", async () => {
  const slow = put(
    place,
    "slow.ts",
    "export default async (x) => { await Bun.sleep(x % 3); if (x == 50) throw new Error('fifty'); return Number(x); };",
  );
  for (const chunk of ["auto", "1", "8"]) {
    const { stdout, stderr, code } = await map(place, ["--on-error", "stop", "--chunk", chunk, slow], {
      input: numbers(5000),
    });
    expect(stdout).toBe(numbers(49));
    expect(stderr).toContain("line 50 failed");
    expect(stderr).toContain("50 items");
    expect(code).toBe(1);
  }
});

test("an idle worker takes over what a stuck one has not begun", async () => {
  // Both chunks are out before anything is done; the first item of the first ends only when all others have run.
  const stuck = put(
    place,
    "stuck.ts",
    `import { appendFileSync, readFileSync } from "node:fs";
export default async (x: string) => {
  if (x === "1") while (readFileSync("ran", { encoding: "utf8", flag: "a+" }).length < 19) await Bun.sleep(1);
  else appendFileSync("ran", "x");
  return Number(x);
};`,
  );
  const { stdout, code } = await map(place, ["-q", "-j2", "--chunk", "10", stuck], { input: numbers(20) });
  expect(stdout).toBe(numbers(20));
  expect(code).toBe(0);
});

test("workers killed at random: the output is that of an undisturbed run", async () => {
  const script = join(root, "scripts", "torture-map.ts");
  const args = [process.execPath, script, "--items", "30000", "--kills", "10"];
  const child = Bun.spawn(args, { env: { ...place.env, LANES_BINARY: lanes }, stdout: "pipe", stderr: "inherit" });
  expect(await new Response(child.stdout).text()).toContain("output identical");
  expect(await child.exited).toBe(0);
});
