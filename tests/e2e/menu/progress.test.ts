import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { mounting } from "../../support/processes/namespaces.ts";
import { Keys, Pty, type PtyOptions } from "../../support/pty.ts";
import { next } from "../../support/walk.ts";

setDefaultTimeout(60_000);
/** Where the state is kept, for all runs of a test: each Pty has a home folder of its own. */
let home: Playground;
const open: Pty[] = [];
beforeEach(() => {
  home = new Playground();
});
afterEach(async () => {
  for (const pty of open.splice(0)) await pty.close();
  await home.clean();
});

const folder = () => join(home.tmp, "state");
const file = () => join(folder(), "lanes", "progress.jsonl");
const start = (args: readonly string[] = [], options: PtyOptions = {}) => {
  const pty = new Pty(args, { ...options, env: { XDG_STATE_HOME: folder(), ...options.env } });
  open.push(pty);
  return pty;
};
const plays = () =>
  readFileSync(file(), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const progress = (args: readonly string[] = []) => home.run(["progress", ...args], { XDG_STATE_HOME: folder() });
const document = async () => JSON.parse((await progress(["--json"])).stdout);

/** Plays a demo in the menu as quickly as it can be, down to "What next?". */
async function playFunction(pty: Pty): Promise<void> {
  await pty.shows("type to filter");
  await pty.answer("function", "function█");
  await pty.answer(Keys.enter, "How shall it run?");
  await pty.answer(Keys.down + Keys.down + Keys.enter, "work:");
  await pty.answer(`${Keys.ctrlU}0${Keys.enter}`, "work 0 ms");
  pty.type(Keys.enter);
  await next(pty);
}

async function leave(pty: Pty, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await pty.answer(key, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
}

test("a demo played in one run is marked in the next, which opens at the demo after it", async () => {
  const first = start();
  await playFunction(first);
  await leave(first, Keys.escape);
  expect(plays()).toEqual([
    {
      v: 1,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      demo: "function",
      params: { procs: 3, work: 0 },
      ok: true,
      fact: { label: "demo.fact.spawn", value: expect.any(String) },
    },
  ]);
  expect(readFileSync(file(), "utf8")).not.toContain(home.tmp);

  const second = start(["--ascii"]);
  await second.shows("type to filter");
  expect(second.screen()).toMatch(/1 .*function +ok/);
  expect(second.screen()).toMatch(/> +2 .*subclass/);
  await leave(second);

  const third = start(["--lang", "zh"]);
  await third.shows("选择一个演示");
  expect(third.screen()).toMatch(/1 .*function +✓/);
  expect(third.screen()).toMatch(/● +2 .*subclass/);
  third.type(Keys.escape);
  expect(await third.exitCode()).toBe(0);
  expect(await document()).toMatchObject({ v: 1, next: "subclass", file: file() });
});

test("a prediction is kept with what came true", async () => {
  const pty = start();
  await pty.shows("type to filter");
  await pty.answer("isolation", "isolation█");
  await pty.answer(Keys.enter, "How shall it run?");
  await pty.answer(Keys.down.repeat(3) + Keys.enter, "work:");
  await pty.answer(`${Keys.ctrlU}0${Keys.enter}`, "work 0 ms");
  await pty.answer(Keys.enter, /◆ {2}(?!How)/);
  pty.type(Keys.down + Keys.enter);
  await pty.shows(/Enter goes on$|What next\?/);
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
  expect(plays()).toMatchObject([{ demo: "isolation", predicted: "sum", answer: "unchanged" }]);
  const { demos } = await document();
  expect(demos.find(({ demo }: { demo: string }) => demo === "isolation")).toMatchObject({
    plays: 1,
    right: 0,
    wrong: 1,
  });
  const { stdout } = await progress();
  expect(stdout).toContain("0 of 1 prediction right");
  expect(stdout).toMatch(/✓ isolation +\d{4}-\d\d-\d\d +1 +0\/1 +\S/);
  expect(stdout).toMatch(/^Next: lanes demo exchange/m);
});

test("--no-state: nothing is read, nothing is left; the marks last as long as the menu", async () => {
  mkdirSync(join(folder(), "lanes"), { recursive: true });
  const before = `{"v":1,"demo":"race","at":"2026-01-01T00:00:00Z","params":{},"ok":true}\n`;
  writeFileSync(file(), before);
  const pty = start(["--no-state"]);
  await pty.shows("type to filter");
  expect(pty.screen()).not.toContain("✓");
  expect(pty.screen()).toMatch(/● +1 .*function/);
  await playFunction(pty);
  await pty.answer(Keys.escape, /function +✓/);
  await leave(pty);
  const demo = start(["demo", "function", "--work", "0", "--no-state"]);
  expect(await demo.exitCode()).toBe(0);
  expect(readFileSync(file(), "utf8")).toBe(before);
});

test("a demo typed at a terminal counts; one of a script, in CI, or for its JSON does not", async () => {
  await home.run(["demo", "function", "--work", "0"], { XDG_STATE_HOME: folder() });
  for (const [args, env] of [
    [[], { CI: "true" }],
    [["--json"], {}],
    [["--jsonl"], {}],
  ] as const) {
    const pty = start(["demo", "function", "--work", "0", ...args], { env });
    expect(await pty.exitCode()).toBe(0);
  }
  expect(existsSync(folder())).toBe(false);
  const typed = start(["demo", "function", "--work", "0"]);
  expect(await typed.exitCode()).toBe(0);
  expect(plays()).toMatchObject([{ demo: "function" }]);
  expect(plays()[0].predicted).toBeUndefined();
});

test("what cannot be kept stops nothing, and is said once in the menu", async () => {
  writeFileSync(folder(), "a file where the folder should be");
  const pty = start();
  await playFunction(pty);
  expect(pty.history()).toMatch(/cannot be remembered in later runs \((ENOTDIR|EEXIST)\)/);
  await pty.answer(Keys.enter, /◇ {2}What next\?[\s\S]*(Enter goes on$|◆ {2}What next\?)/);
  if (!pty.screen().includes("◆  What next?")) await pty.answer(Keys.enter, "◆  What next?");
  expect(pty.history().split("cannot be remembered")).toHaveLength(2);
  await pty.answer(Keys.escape, /function +✓/);
  await leave(pty);
  const demo = start(["demo", "function", "--work", "0"]);
  expect(await demo.exitCode()).toBe(0);
  const { stdout, stderr, code } = await progress();
  expect(code).toBe(0);
  expect(stderr).toMatch(/^lanes: .*progress\.jsonl cannot be read \(ENOTDIR\).*\n$/);
  expect(stdout).toContain("0 of ");
});

test.skipIf(mounting === null)("a full disk stops nothing, and what stands in the file stays readable", async () => {
  mkdirSync(folder());
  const inside = `mount -t tmpfs -o size=64k none "$XDG_STATE_HOME" && mkdir "$XDG_STATE_HOME/lanes" &&
    printf '%s\\n' "$PLAY" > "$XDG_STATE_HOME/lanes/progress.jsonl"; dd if=/dev/zero of="$XDG_STATE_HOME/fill" 2>/dev/null
    head -c 4000 /dev/zero | tr '\\0' x >> "$XDG_STATE_HOME/lanes/progress.jsonl"
    "$LANES"; "$LANES" progress --json > "$OUT"`;
  const out = join(home.tmp, "out.json");
  const PLAY = `{"v":1,"demo":"race","at":"2026-01-01T00:00:00Z","params":{},"ok":true}`;
  const pty = start(["sh", "-c", inside], {
    command: mounting?.split(" ") ?? [],
    env: { PLAY, OUT: out },
  });
  await playFunction(pty);
  expect(pty.history()).toContain("cannot be remembered in later runs (ENOSPC)");
  await leave(pty, Keys.escape);
  const { demos } = JSON.parse(readFileSync(out, "utf8"));
  expect(demos.find(({ demo }: { demo: string }) => demo === "race").plays).toBe(1);
});

test("no home, a damaged file: said on stderr, and all the same shown; exit 0", async () => {
  const without = await home.shell(`env -u HOME "$LANES" progress --json`);
  expect(without).toMatchObject({ code: 0, stderr: expect.stringContaining("XDG_STATE_HOME") });
  expect(JSON.parse(without.stdout)).toMatchObject({ file: null, next: "function" });
  mkdirSync(join(folder(), "lanes"), { recursive: true });
  appendFileSync(file(), `\x00nonsense\n{"v":1,"demo":"race","at":"2026-01-01T00:00:00Z","params":{},"ok":true}\n`);
  const damaged = await progress();
  expect(damaged).toMatchObject({ code: 0, stderr: expect.stringContaining("1 line of") });
  expect(damaged.stdout).toMatch(/✓ race/);
});

test("--reset asks, and does not where nobody can answer: then it wants --force", async () => {
  mkdirSync(join(folder(), "lanes"), { recursive: true });
  writeFileSync(file(), `{"v":1,"demo":"race","at":"2026-01-01T00:00:00Z","params":{},"ok":true}\n`);
  const refused = await progress(["--reset"]);
  expect(refused).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--force") });
  for (const [keys, code] of [
    [Keys.enter, 0],
    [Keys.escape, 0],
    [Keys.ctrlD, 0],
    [Keys.ctrlC, 130],
  ] as const) {
    const pty = start(["progress", "--reset"]);
    await pty.shows("Forget 1 play");
    pty.type(keys);
    expect(await pty.exitCode()).toBe(code);
    expect(existsSync(file())).toBe(true);
  }
  const agreed = start(["progress", "--reset"]);
  await agreed.shows("Forget 1 play");
  agreed.type(Keys.down + Keys.enter);
  expect(await agreed.exitCode()).toBe(0);
  expect(existsSync(file())).toBe(false);
  expect(await progress(["--reset", "--force"])).toMatchObject({
    code: 0,
    stderr: "lanes: there was nothing to forget\n",
  });
  expect((await progress(["--reset", "--json"])).code).toBe(2);
});

test("what cannot be forgotten is said, with the file and the reason", async () => {
  mkdirSync(file(), { recursive: true });
  const inTheWay = await progress(["--reset", "--force"]);
  expect(inTheWay).toMatchObject({ code: 1, stderr: `lanes: ${file()} cannot be removed (EISDIR)\n` });
  rmSync(join(folder(), "lanes"), { recursive: true });
  writeFileSync(join(folder(), "lanes"), "");
  const noFolder = await progress(["--reset", "--force"]);
  expect(noFolder).toMatchObject({ code: 1, stderr: `lanes: ${file()} cannot be removed (ENOTDIR)\n` });
});

test("in Chinese", async () => {
  expect((await progress(["--lang", "zh"])).stdout).toContain("接下来：lanes demo function");
});
