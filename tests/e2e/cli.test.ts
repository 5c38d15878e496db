import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { version } from "../../package.json" with { type: "json" };
import { entries } from "../../src/commands/catalog.ts";
import { demoNames } from "../../src/demos/catalog.ts";
import { lanes, Playground } from "../support/lanes.ts";
import { isRunning, signalProcess, wordsOf } from "../support/processes/processes.ts";
import { root } from "../support/root.ts";
import { until } from "../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

test("--version: version first, then Bun, target and commit", async () => {
  for (const args of [["--version"], ["-V"], ["--lang", "zh", "--version"], ["-q", "-V"]]) {
    const { stdout, stderr, code } = await place.run(args);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    const [first, ...rest] = stdout.trimEnd().split("\n");
    expect(first).toBe(`lanes ${version}`);
    expect(rest).toHaveLength(3);
  }
});

test("a worker's sentinel typed by hand: one line, exit code 2", async () => {
  const { stdout, stderr, code } = await place.run(["--lanes-pool-worker"]);
  expect([stdout, code, stderr]).toEqual([
    "",
    2,
    "lanes: this is a part of lanes that it starts itself; see: lanes --help\n",
  ]);
});

test("version is a command too, and has a document", async () => {
  const [asked, option, document] = await Promise.all(
    [["version"], ["--version"], ["version", "--json"]].map((args) => place.run(args)),
  );
  expect(asked).toEqual(option!);
  const { v, lanes, bun, target, commit } = JSON.parse(document!.stdout);
  expect(`lanes ${lanes}\nbun ${bun}\ntarget ${target}\ncommit ${commit}\n`).toBe(asked!.stdout);
  expect(v).toBe(1);
});

test("licenses: the notices of everything inside, whole, whatever the language", async () => {
  const notices = await Bun.file(`${root}/THIRD-PARTY-NOTICES`).text();
  const asked = [["licenses"], ["--lang", "zh", "licenses"]].map((args) => place.run(args));
  for (const done of await Promise.all(asked)) expect(done).toMatchObject({ stdout: notices, stderr: "", code: 0 });
});

test("it runs with an empty environment, in a folder whose .env and bunfig.toml mean something else", async () => {
  await Bun.write(`${place.tmp}/.env`, "LANES_LANG=zh\n");
  await Bun.write(`${place.tmp}/bunfig.toml`, 'preload = ["./nothing.ts"]\n');
  const { stdout, code } = await place.shell(`env -i "$LANES" demo`);
  expect(code).toBe(0);
  expect(stdout).toContain("function");
  expect(stdout).not.toMatch(/\p{Script=Han}/u);
});

const subjects = [[], ...Object.keys(entries).map((name) => [name]), ...demoNames.map((name) => ["demo", name])];
/** A quarter of them each: on a busy machine two hundred starts take a while. */
const quarters = [0, 1, 2, 3].map((at) => subjects.filter((_, i) => i % 4 === at));

test.each(quarters.flatMap((some, i) => [["en", i, some] as const, ["zh", i, some] as const]))(
  "help is there for everything, in both languages, on stdout: %s %i",
  async (language, _, some) => {
    for (const subject of some) {
      const [asked, option] = await Promise.all([
        place.run(["help", ...subject], { LANES_LANG: language }),
        place.run([...subject, "--help"], { LANES_LANG: language }),
      ]);
      expect(asked).toEqual(option);
      expect(asked).toMatchObject({ code: 0, stderr: "" });
      expect(/\p{Script=Han}/u.test(asked.stdout)).toBe(language === "zh");
      expect(asked.stdout).not.toContain("undefined");
    }
  },
);

test.each([
  [["rce"], "rce", "race"],
  [["demo", "mutx"], "mutx", "mutex"],
  [["demo", "race", "--proc", "3"], "--proc", "--procs"],
  [["tuor"], "tuor", "tour"],
] as const)("%p: exit 2, one line on stderr that names the mistake", async (args, mistake, suggestion) => {
  const { stdout, stderr, code } = await place.run(args);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toContain(mistake);
  if (suggestion !== "race" || args.length > 1) expect(stderr).toContain(suggestion);
});

test.each(["0", "-1", "1e9", "abc", ""])("--procs %p: exit 2, one line with option, value and range", async (value) => {
  for (const args of [["--procs", value], [`--procs=${value}`]]) {
    const { stdout, stderr, code } = await place.run(["demo", "function", ...args]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain("--procs");
    expect(stderr).toContain(`'${value}'`);
    expect(stderr).toMatch(/1 to 64/);
  }
});

test.each([
  [["demo", "race", "--dir", ""], "--dir: '' is not valid, expected a path"],
  [["run", "--results", "", "true", ":::", "1"], "--results: '' is not valid, expected a path"],
  [["run", "--joblog=", "true", ":::", "1"], "--joblog: '' is not valid, expected a path"],
  [["--lang"], "option '--lang <en|zh>' needs a value; see: lanes --help"],
  [["completions"], "'bash|zsh|fish' is missing; see: lanes completions --help"],
])("%p: exit 2, and one line that says what is missing", async (args, line) => {
  expect(await place.run(args)).toMatchObject({ code: 2, stdout: "", stderr: `lanes: ${line}\n` });
});

test("--dir that is no folder, or cannot be written, is a usage error; a fresh one keeps the files", async () => {
  await Bun.write(`${place.tmp}/file`, "");
  for (const dir of [`${place.tmp}/file`, "/proc/nowhere", "/dev/null/x"]) {
    const { stderr, code } = await place.run(["demo", "function", "--dir", dir]);
    expect(code).toBe(2);
    expect(stderr).toContain(dir);
  }
  const { code } = await place.run(["demo", "function", "--work", "0", "--dir", `${place.tmp}/kept/here`, "--json"]);
  expect(code).toBe(0);
});

test("a reader that leaves early: quiet end", async () => {
  const { stdout, stderr, code } = await place.shell(
    `"$LANES" demo function --work 0 --jsonl | head -1; exit \${PIPESTATUS[0]}`,
  );
  expect(stdout.split("\n")).toHaveLength(2);
  expect(stderr).toBe("");
  expect(code).toBe(141);
});

test.each([[["demo", "--json"]], [["--version"]]])(
  "a full disk under the stdout of %p is said, exit 1",
  async (args) => {
    const fd = openSync("/dev/full", "w");
    try {
      const child = Bun.spawn([lanes, ...args], { env: place.env, stdio: ["ignore", fd, "pipe"] });
      const stderr = await new Response(child.stderr).text();
      expect(stderr).toContain("ENOSPC");
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(await child.exited).toBe(1);
    } finally {
      closeSync(fd);
    }
  },
);

test("no descriptors left: one clear error, what was started is stopped, exit 1", async () => {
  const { stderr, code } = await place.shell(`ulimit -n 20; "$LANES" demo function --procs 40`);
  expect(code).toBe(1);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toContain("ulimit -n");
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s stops everything: exit %d", async (signal, expected) => {
  const child = place.spawn(["demo", "function", "--work", "10000", "--jsonl"]);
  const reader = child.stdout.getReader();
  let seen = "";
  while (!seen.includes('"say"')) seen += new TextDecoder().decode((await reader.read()).value);
  const workers = place.running().filter((pid) => pid !== child.pid);
  expect(workers.length).toBeGreaterThan(0);
  child.kill(signal);
  await child.exited;
  expect(child.exitCode).toBe(expected);
  expect(workers.filter(isRunning)).toEqual([]);
});

/** Beside them there are lanes itself and its guard. */
const workersIn = (playground: Playground) =>
  playground.running().filter((pid) => wordsOf(pid).includes("--lanes-worker"));

test("kill -9: within a second nothing it started is alive", async () => {
  const child = place.spawn(["demo", "function", "--work", "10000", "--procs", "8", "--jsonl"]);
  await until("all workers to run", () => workersIn(place).length === 8);
  child.kill("SIGKILL");
  await child.exited;
  await until("all workers to end", () => place.running().length === 0, 1_000);
  // A folder that nobody could remove any more is all that stays.
  rmSync(place.tmp, { recursive: true });
  mkdirSync(place.tmp);
});

test("a worker that somebody stopped: said, and everything ended", async () => {
  const child = place.spawn(["demo", "function", "--work", "300"]);
  await until("a worker to run", () => workersIn(place).length > 0);
  const [worker = 0] = workersIn(place);
  signalProcess(worker, "SIGSTOP");
  const stderr = await new Response(child.stderr).text();
  expect(await child.exited).toBe(1);
  expect(stderr).toContain(`pid ${worker}`);
  expect(isRunning(worker)).toBe(false);
});

test("two demos in one folder: the second one is refused", async () => {
  const first = place.spawn(["demo", "function", "--work", "10000", "--dir", "shared"]);
  await until("its workers to run", () => place.running().length === 4);
  const { stderr, code } = await place.run(["demo", "mutex", "--dir", "shared"]);
  expect(code).toBe(2);
  expect(stderr).toContain("shared");
  first.kill("SIGTERM");
  expect(await first.exited).toBe(143);
});

test("the depth guard's own error", async () => {
  const { stderr, code } = await place.run(["demo", "function"], { LANES_DEPTH: "8" });
  expect(code).toBe(1);
  expect(stderr).toContain("refusing to start another process");
});
