/** `lanes run`: asking what runs, starting no more, and saying what is waited for. */
import { afterAll, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { Keys, Pty } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";

const play = new Playground();
afterAll(() => play.clean());

const pathOf = (name: string) => join(play.tmp, name);
/** A job that says it has begun, and runs until it may end. */
const job = (begun: string, end: string) => `echo {} >> ${begun}; while [ ! -e ${end} ]; do sleep 0.02; done`;
const lines = (file: string) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : []);

test("USR1 says what runs, a line a job, with nothing raw from outside", async () => {
  const [begun, end] = [pathOf("begun1"), pathOf("end1")];
  const script = `${job(begun, end)}; : {}`;
  const child = play.spawn(["run", "-j2", "--shell", script, ":::", "a\x1b]52;c;x\x07", "two\nlines", "c"]);
  await until("two jobs to begin", () => play.running().length >= 4 && lines(begun).length >= 2);
  const reader = child.stderr.getReader();
  child.kill("SIGUSR1");
  const text = Buffer.from((await reader.read()).value ?? []).toString();
  reader.releaseLock();
  expect(text).toMatch(
    /^lanes: 2 jobs run now\nlanes: job 1, pid \d+, \d+\.\d s: .*\nlanes: job 2, pid \d+, \d+\.\d s: .*\n$/,
  );
  expect(text).not.toContain("\x1b");
  writeFileSync(end, "");
  expect(await child.exited).toBe(0);
});

test("USR1 with --jsonl: an event", async () => {
  const [begun, end] = [pathOf("begun2"), pathOf("end2")];
  const child = play.spawn(["run", "-j1", "--jsonl", "--shell", job(begun, end), ":::", "1"]);
  await until("the job to begin", () => lines(begun).length === 1);
  child.kill("SIGUSR1");
  await Bun.sleep(200);
  writeFileSync(end, "");
  const events = (await new Response(child.stderr).text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.find(({ type }) => type === "running").jobs).toMatchObject([{ seq: 1, lane: "P1" }]);
});

test.each([
  ["a known number", (word: string[]) => [...word, ":::", "1", "2", "3", "4", "5"], "3 not started"],
  ["values from stdin", (word: string[]) => word, "the rest not started"],
] as const)(
  "USR2 lets the running jobs end and starts no more, with %s; --resume goes on",
  async (name, line, said) => {
    const [begun, end, log] = [
      pathOf(`begun ${name}`).replaceAll(" ", "_"),
      pathOf(`end ${name}`).replaceAll(" ", "_"),
      pathOf(`log ${name}`),
    ];
    const words = line(["run", "-j2", "--joblog", log, "--shell", job(begun, end)]);
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const source = "{ printf '1\\n2\\n3\\n4\\n5\\n'; sleep 60; }";
    const child = Bun.spawn(
      ["bash", "-c", `${source} | { $LANES ${quoted} & echo $! > '${log}.pid'; wait $!; echo "code $?"; }`],
      {
        env: { ...play.env, LANES: (await import("../../support/lanes.ts")).lanes },
        cwd: play.tmp,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    // The pipe's writer has its own time; what counts is what lanes does.
    await until("two jobs to begin", () => lines(begun).length === 2);
    process.kill(Number(lines(`${log}.pid`)[0]), "SIGUSR2");
    await Bun.sleep(200);
    writeFileSync(end, "");
    const code = Buffer.from((await child.stdout.getReader().read()).value ?? []).toString();
    play.killRunning();
    expect(await new Response(child.stderr).text()).toContain(said);
    expect(code).toBe("code 0\n");
    expect(lines(begun).length).toBe(2);
    const rest = await play.run([
      "run",
      "-j2",
      "--joblog",
      log,
      "--resume",
      "--shell",
      job(begun, end),
      ":::",
      "1",
      "2",
      "3",
      "4",
      "5",
    ]);
    expect(rest.code).toBe(0);
    expect(lines(begun).toSorted()).toEqual(["1", "2", "3", "4", "5"]);
  },
);

test("a job that fails while the run is being let end: 1; and a signal stops it all the same", async () => {
  const [begun, end] = [pathOf("begun3"), pathOf("end3")];
  const failing = play.spawn([
    "run",
    "-j1",
    "--retries",
    "3",
    "--shell",
    `${job(begun, end)}; exit 4`,
    ":::",
    "1",
    "2",
  ]);
  await until("the job to begin", () => lines(begun).length === 1);
  failing.kill("SIGUSR2");
  await Bun.sleep(100);
  writeFileSync(end, "");
  expect(await failing.exited).toBe(1);
  expect(lines(begun)).toEqual(["1"]);
  const stopped = play.spawn(["run", "-j1", "--shell", `echo {} >> ${begun}; sleep 60`, ":::", "1", "2"]);
  await until("the job to begin", () => lines(begun).length === 2);
  stopped.kill("SIGUSR2");
  await Bun.sleep(100);
  stopped.kill("SIGTERM");
  expect(await stopped.exited).toBe(143);
});

test.each([
  ["--load", "0.0001", /^lanes: waiting: load \d+\.\d\d, limit 0\.0001\n/],
  ["--memfree", "1000T", /^lanes: waiting: [\d.]+ [MG]iB of memory available, 1024000\.0 GiB wanted\n/],
])("waiting because of %s is said once, on stderr", async (option, limit, said) => {
  const child = play.spawn(["run", option, limit, "echo", ":::", "1"]);
  const reader = child.stderr.getReader();
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toMatch(said);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(143);
});

test("at a terminal: what is waited for is in the line of progress", async () => {
  const pty = new Pty(["run", "--memfree", "1000T", "echo", ":::", "1"]);
  await pty.shows("waiting: ");
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
  await pty.close();
});

test("q in the live view starts no more; Ctrl-Z, fg and Ctrl-C mean what they always mean", async () => {
  const pty = new Pty([], { command: ["bash", "--norc", "-i"], env: { PS1: "$ " } });
  const end = join(pty.place.tmp, "end");
  await pty.shows("$");
  pty.type(
    `$LANES run -j1 --shell 'while [ ! -e ${end} ]; do sleep 0.05; done; : {}' ::: 1 2 3; echo "code $?"${Keys.enter}`,
  );
  await pty.shows("q: start no more");
  pty.type(Keys.ctrlZ);
  await pty.shows("Stopped");
  await pty.shows(/code 14[78]/);
  pty.type(`fg; echo "now $?"${Keys.enter}`);
  await until("it to go on", () => /q: start no more/.test(pty.screen().slice(pty.screen().lastIndexOf("fg;"))));
  pty.type("q");
  await pty.shows("no more are started");
  writeFileSync(end, "");
  await pty.shows("now 0");
  expect(pty.screen()).toContain("2 not started");
  pty.type(`clear; $LANES run -j1 sleep ::: 60; echo "then $?"${Keys.enter}`);
  await pty.shows(/0\/1 done.*q: start no more/);
  pty.type(Keys.ctrlC);
  await pty.shows("then 130");
  pty.type(`exit${Keys.enter}`);
  await pty.exitCode();
  await pty.close();
});

test("in the background the terminal is left alone", async () => {
  const pty = new Pty([], { command: ["bash", "--norc", "-i"], env: { PS1: "$ " } });
  await pty.shows("$");
  pty.type(`$LANES run sleep ::: 1 & wait; echo "code $?"${Keys.enter}`);
  await pty.shows("code 0");
  expect(pty.screen()).not.toContain("Stopped");
  pty.type(`exit${Keys.enter}`);
  await pty.exitCode();
  await pty.close();
});
