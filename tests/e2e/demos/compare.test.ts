/** `--runs` and `--vs`, and the same from the menu: the compiled program, through pipes and at a terminal. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { Keys, Pty, type PtyOptions } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";
import { choose, next } from "../../support/walk.ts";

setDefaultTimeout(60_000);
let place: Playground;
let open: Pty[] = [];
beforeEach(() => {
  place = new Playground();
});
afterEach(async () => {
  const all = open;
  open = [];
  await place.clean();
  for (const pty of all) await pty.close();
});

const start = (args: readonly string[] = [], options?: PtyOptions) => {
  const pty = new Pty(args, options);
  open.push(pty);
  return pty;
};

/** A race that is lost for sure, and soon. */
const race = ["demo", "race", "--mode", "staged", "--rounds", "4", "--gap", "0"];

/** stderr but for what is said of the machine, which may be as busy as it likes. */
const complaints = (stderr: string) => stderr.replace(/^lanes: (warning: |警告：).*\n/gm, "");

test("race --vs lock=on in a pipe: two timelines, numbers with errors, and what was lost, in both languages", async () => {
  const english = await place.run([...race, "--vs", "lock=on", "--runs", "2"]);
  expect(english.code).toBe(0);
  expect(complaints(english.stderr)).toBe("");
  expect(english.stdout).not.toMatch(/\x1b|undefined|NaN/);
  expect(english.stdout).toMatch(/^A {2}lock off +[\d.]+ m?s\n(P\d .*\n){4}B {2}lock on +[\d.]+ m?s\n(P\d .*\n){4}/m);
  expect(english.stdout).toMatch(/^updates lost +12 ± 0 +0 ± 0 +0 ± 0$/m);
  expect(english.stdout).toMatch(/^elapsed time +[\d.]+ ± [\d.]+ m?s +[\d.]+ ± [\d.]+ m?s +[\d.]+ ± [\d.]+$/m);
  expect(english.stdout).toMatch(/^updates lost +12 \(75 %\) +0$/m);
  expect(english.stdout).toContain("all checks of the demo held (4 runs)");

  const chinese = await place.run([...race, "--vs", "lock=on", "--runs", "2", "--lang", "zh"]);
  expect(chinese.code).toBe(0);
  expect(complaints(chinese.stderr)).toBe("");
  expect(chinese.stdout).toMatch(/^丢失的更新 +12 ± 0 +0 ± 0 +0 ± 0$/m);
  expect(chinese.stdout).toContain("B 的原因：持有锁的进程");
});

test("--json: the documents of all runs, what they come to, what was changed, the ratios", async () => {
  const { stdout, stderr, code } = await place.run([...race, "--vs", "lock=on", "--runs", "2", "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  const document = JSON.parse(stdout);
  expect(Object.keys(document)).toEqual(["v", "demo", "ok", "params", "runs", "summary", "vs", "ratio", "warnings"]);
  expect(document).toMatchObject({ v: 1, demo: "race", ok: true, params: { lock: "off", rounds: 4 } });
  expect(document.summary.lost).toEqual({ n: 2, mean: 12, stddev: 0, median: 12, min: 12, max: 12 });
  expect(document.vs).toMatchObject({ changed: { lock: "on" }, params: { lock: "on", rounds: 4 } });
  expect(document.vs.summary.lost).toMatchObject({ n: 2, mean: 0, max: 0 });
  for (const run of document.runs) expect(run).toMatchObject({ v: 1, demo: "race", ok: true, result: { lost: 12 } });
  for (const run of document.vs.runs) expect(run).toMatchObject({ ok: true, result: { lost: 0, maxHolders: 1 } });
  const mean = (runs: { elapsedMs: number }[]) => runs.reduce((sum, { elapsedMs }) => sum + elapsedMs / 2, 0);
  expect(document.ratio.elapsedMs.value).toBeCloseTo(mean(document.vs.runs) / mean(document.runs), 2);
  expect(document.ratio.actual).toEqual({ value: 4, error: 0 });
  expect(document.ratio.lost).toEqual({ value: 0, error: 0 });
  expect(Array.isArray(document.warnings)).toBe(true);
});

test("--runs alone, as text, quiet, as JSON, and with --dir a folder for each run", async () => {
  const text = await place.run([...race, "--runs", "3"]);
  expect(text.stdout).toMatch(/\(race\) +3 runs$/m);
  expect(text.stdout).toMatch(/^elapsed time +[\d.]+ ± [\d.]+ m?s +[\d.]+ m?s – [\d.]+ m?s$/m);
  const quiet = await place.run([...race, "--runs", "2", "-q", "--dir", join(place.tmp, "kept")]);
  expect(quiet.stderr).toBe("");
  expect(quiet.stdout).toMatch(/^ +mean ± σ +lowest – highest\n─.*\nelapsed time /);
  expect(readdirSync(join(place.tmp, "kept")).toSorted()).toEqual(["1", "2"]);
  const json = JSON.parse((await place.run([...race, "--runs", "1", "--json"])).stdout);
  expect(json.runs).toHaveLength(1);
  expect(json.summary.elapsedMs).toMatchObject({ n: 1, stddev: null });
});

test.each([
  [["--vs"], "option '--vs <param=value,...>' needs a value"],
  [["--vs="], "--vs: '' is not valid, expected PARAM=VALUE; race has: procs, rounds, gap, mode, lock"],
  [["--vs", "x"], "--vs: 'x' is not valid, expected PARAM=VALUE"],
  [["--vs", "lock="], "--vs lock: '' is not valid, expected off | on"],
  [["--vs", "lock=maybe"], "--vs lock: 'maybe' is not valid, expected off | on"],
  [["--vs", "procs=0"], "--vs procs: '0' is not valid, expected a whole number from 1 to 64"],
  [["--vs", "lok=on"], "unknown parameter 'lok'; did you mean 'lock'?"],
  [["--vs", "lock=off"], "lock is off already; nothing would differ"],
  [["--procs", "8", "--vs", "procs=8"], "procs is 8 already"],
  [["--vs", "lock=on", "--vs", "lock=on"], "lock is given twice"],
  [["--vs", "lock=on", "--jsonl"], "--jsonl and --vs cannot both be wanted"],
  [["--runs", "2", "--jsonl"], "--jsonl and --runs cannot both be wanted"],
  [["--runs", "0"], "--runs: '0' is not valid, expected a whole number from 1 to 1000"],
  [["--runs", "1e9"], "--runs: '1e9' is not valid"],
  [["--vs", "lock=on", "--dir", "/dev/null"], "/dev/null"],
])("race %p: exit 2, one line, nothing on stdout", async (args, said) => {
  const { stdout, stderr, code } = await place.run(["demo", "race", ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(said);
  expect(stderr.trimEnd()).not.toContain("\n");
});

test("the demo's name may stand after --vs", async () => {
  const { stdout, code } = await place.run(["demo", "--vs", "work=1", "function", "--work", "0", "--runs", "1"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^A {2}work 0 ms /m);
});

/** Runs that nobody would wait for. */
const endless = ["demo", "function", "--work", "9000", "--runs", "3"];

test("SIGINT and SIGTERM in the middle stop everything", async () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const child = place.spawn(endless);
    await until("a run to be going on", () => place.running().length >= 4);
    child.kill(signal);
    await child.exited;
    expect(child.exitCode).toBe(code);
    await until("every process to end", () => place.running().length === 0, 5_000);
  }
});

test("at a terminal: how far it is and the means so far, then the result; Ctrl-C and Esc stop it with 130", async () => {
  const pty = start([...race, "--vs", "lock=on", "--runs", "3"]);
  await pty.shows(/run \d+ of 6\nA {2}lock off {3}[\d.]+( ± [\d.]+)? m?s\nB {2}lock on/);
  expect(await pty.exitCode()).toBe(0);
  expect(pty.history()).toMatch(/^updates lost +12 ± 0 +0 ± 0/m);
  expect(pty.history()).not.toMatch(/run \d+ of 6/); // the progress is gone
  for (const key of [Keys.ctrlC, Keys.escape]) {
    const stopped = start(endless);
    await stopped.shows(/run 1 of 3\nelapsed time/);
    stopped.type(key);
    expect(await stopped.exitCode()).toBe(130);
    expect(stopped.history()).not.toContain("mean");
  }
});

/** The menu, with a race played that lost for sure; at "What next?". */
async function played(options: PtyOptions, words: typeof english): Promise<Pty> {
  const pty = start([], options);
  await pty.shows(/type to filter|输入文字可筛选/);
  await pty.answer("race", "race█");
  await pty.answer(Keys.enter, words.picked);
  await choose(pty, `${words.change} mode natural`);
  await choose(pty, "staged");
  await pty.shows(new RegExp(`◆ {2}${words.picked}`));
  await choose(pty, `${words.change} rounds 100`);
  await pty.answer(`${Keys.ctrlU}4${Keys.enter}`, new RegExp(`◆ {2}${words.picked}`));
  await choose(pty, words.run);
  await choose(pty, words.less);
  await next(pty);
  return pty;
}

const english = { picked: "How shall it run", change: "change", run: "run it", less: "less" };
const chinese = { picked: "怎样运行？", change: "修改", run: "运行", less: "更少" };

test.each([[40, 12]])(
  "from the menu at %ix%i: after a lost race the lock is suggested, compared and explained",
  async (columns, rows) => {
    const pty = await played({ columns, rows }, english);
    await choose(pty, "compare, with");
    await pty.shows("Compare with");
    await choose(pty, "lock on"); // the first entry
    await next(pty);
    const history = pty.history();
    expect(history).toMatch(/A {2}lock off +[\d.]+ m?s\nP1 /);
    expect(history).toMatch(/B {2}lock on +[\d.]+ m?s\nP1 /);
    expect(history).toMatch(
      columns >= 60 ? /^updates lost +12 ± 0 +0 ± 0/m : /^updates lost\n {2}A {2}12 ± 0\n {2}B {2}0 ± 0/m,
    );
    expect(history).toContain("Why B: Whoever holds the lock");
    expect(history.replace(/\n/g, "")).toContain("lanes demo race --rounds 4 --mode staged --vs lock=on");
    await choose(pty, "back to the menu");
    await pty.answer("", /Pick a demo|type to filter/);
    pty.type(Keys.escape);
    expect(await pty.exitCode()).toBe(0);
  },
);

test("in Chinese, where there is least room", async () => {
  const pty = await played({ columns: 40, rows: 12, env: { LANG: "zh_CN.UTF-8" } }, chinese);
  await choose(pty, "改动一处，对比两者");
  await pty.shows("和哪一种对比？");
  await choose(pty, "lock on");
  await next(pty);
  expect(pty.history()).toMatch(/^丢失的更新\n {2}A {2}12 ± 0\n {2}B {2}0 ± 0/m);
  expect(pty.history()).toContain("B 的原因：");
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});

test("from the menu: any parameter, one that is no change is said; Esc in the middle leads back, Ctrl-C leaves", async () => {
  const pty = start();
  await pty.shows("type to filter");
  await pty.answer("function", "function█");
  await pty.answer(Keys.enter, "How shall it run?");
  await choose(pty, "change work 300 ms");
  await pty.answer(`${Keys.ctrlU}0${Keys.enter}`, /◆ {2}How shall it run/);
  await choose(pty, "run it");
  await next(pty);
  await choose(pty, "compare, with");
  await pty.shows("Compare with");
  await choose(pty, "another work (now 0 ms)");
  await pty.answer(`${Keys.ctrlU}0${Keys.enter}`, "work is 0 already; nothing would differ");
  await choose(pty, "another work (now 0 ms)");
  await pty.shows(/◆ {2}work:/);
  await pty.answer(
    `${Keys.ctrlU}10000${Keys.enter}`,
    /A {2}work 0 ms +[\d.]+( ± [\d.]+)? m?s[\s\S]*B {2}work 10000 ms/,
  );
  await pty.answer(Keys.escape, /◆ {2}What next\?/);
  await choose(pty, "compare, with");
  await pty.shows(/◆ {2}Compare with/);
  await pty.answer(Keys.escape, /◆ {2}What next\?/);
  await choose(pty, "compare, with");
  await pty.shows(/◆ {2}Compare with/);
  await choose(pty, "another work");
  await pty.shows(/◆ {2}work:/);
  const before = pty.raw.length;
  pty.type(`${Keys.ctrlU}10000${Keys.enter}`);
  await until("a comparison to go on", () => /B {2}work 10000 ms/.test(pty.raw.slice(before)));
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});
