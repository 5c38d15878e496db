/** `lanes run`: joblog and resume. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, existsSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { until } from "../../support/wait.ts";

const play = new Playground();
afterAll(() => play.clean());

const log = join(play.tmp, "log");
const ran = join(play.tmp, "ran");
beforeEach(() => {
  for (const path of [log, ran]) rmSync(path, { force: true });
});

/** Every job notes its value in `ran` when it has done its work; `fail` fails as long as the file `broken` is there. */
const job = (...values: string[]) => [
  "--joblog",
  log,
  "--shell",
  `echo {} >> ${ran}; [ {} != fail ] || [ ! -e ${join(play.tmp, "broken")} ]`,
  ":::",
  ...values,
];
const run = (...args: string[]) => play.run(["run", "-j2", ...args]);
const noted = () => (existsSync(ran) ? readFileSync(ran, "utf8").trim().split("\n").sort() : []);
const rows = () =>
  readFileSync(log, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"));

describe("--joblog", () => {
  test("has GNU parallel's columns; codes, signals and timeouts read as there", async () => {
    writeFileSync(join(play.tmp, "commands"), "printf abc\nexit 3\nkill -9 $$\nsleep 60\n/no/such/thing\n");
    await run("--joblog", log, "--timeout", "3s", "::::", join(play.tmp, "commands"));
    expect(readFileSync(log, "utf8")).toStartWith(
      "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n",
    );
    const found = rows().sort((a, b) => Number(a[0]) - Number(b[0]));
    expect(found.map(([, , , , , received, exit, signal, command]) => [received, exit, signal, command])).toEqual([
      ["3", "0", "0", "printf abc"],
      ["0", "3", "0", "exit 3"],
      ["0", "0", "9", "kill -9 $$"],
      ["0", "-1", "15", "sleep 60"],
      ["0", "127", "0", "/no/such/thing"],
    ]);
    for (const [, , start, runtime] of found) {
      expect(Math.abs(Number(start) - Date.now() / 1e3)).toBeLessThan(600);
      expect(Number(runtime)).toBeGreaterThanOrEqual(0);
    }
  });

  test("a command that cannot be started is in it", async () => {
    await run("--joblog", log, "/no/such/thing", ":::", "a b");
    expect(rows()[0]?.slice(6)).toEqual(["127", "0", "/no/such/thing 'a b'"]);
  });

  test("of another program is left alone", async () => {
    writeFileSync(log, "Dear diary\n");
    const { code, stderr } = await run("--resume", ...job("a"));
    expect([code, noted(), readFileSync(log, "utf8")]).toEqual([2, [], "Dear diary\n"]);
    expect(stderr).toContain("is not a joblog");
  });

  test("nothing but a joblog is begun anew, whoever asks", async () => {
    for (const args of [
      ["--joblog", log],
      ["--joblog", `+${log}`],
      ["--joblog", log, "--resume"],
    ]) {
      for (const text of ["root:x:0:0\n", "no newline", "\0\x01", "Seq\tHost\tmine\n"]) {
        writeFileSync(log, text);
        const { code, stderr } = await run(...args, "touch", ":::", ran);
        expect([code, existsSync(ran), readFileSync(log, "utf8")]).toEqual([2, false, text]);
        expect(stderr).toContain("is not a joblog");
      }
    }
    // Through a link, too; what is empty, a joblog, or no regular file, is used.
    const link = join(play.tmp, "link");
    symlinkSync(log, link);
    expect((await run("--joblog", link, "touch", ":::", ran)).code).toBe(2);
    writeFileSync(log, "");
    for (const value of ["a", "b"]) expect((await run("--joblog", link, "echo", ":::", value)).code).toBe(0);
    expect(rows().map((row) => row[8])).toEqual(["echo b"]);
    expect((await run("--joblog", "/dev/null", "echo", ":::", "a")).code).toBe(0);
  });

  test("+FILE adds to what is there, a torn line cut off; its header once", async () => {
    await run("--joblog", `+${log}`, "echo", ":::", "a", "b");
    appendFileSync(log, "3\t:\tgarb");
    await run("--joblog", `+${log}`, "echo", ":::", "a");
    expect(
      rows()
        .map((row) => row[8])
        .sort(),
    ).toEqual(["echo a", "echo a", "echo b"]);
    expect((await run("--resume", "--joblog", `+${log}`, "echo", ":::", "a", "b", "c")).stdout).toBe("c\n");
    expect((await run("--joblog", "+", "echo", ":::", "a")).code).toBe(2);
  });

  test("that cannot be opened starts nothing", async () => {
    const { code } = await run("--joblog", "/no/such/folder/log", "touch", ":::", ran);
    expect([code, existsSync(ran)]).toEqual([2, false]);
  });

  test("that cannot be written stops everything", async () => {
    const { code, stderr } = await run("--joblog", "/dev/full", "true", ":::", "a");
    expect([code, stderr.includes("/dev/full")]).toEqual([1, true]);
  });
});

describe("a job is logged when its output is out", () => {
  test("what waits for its turn when lanes is killed comes again with --resume", async () => {
    const go = join(play.tmp, "go");
    const script = `echo {} >> ${ran}; [ {} = slow ] && [ ! -e ${go} ] && sleep 60; echo out {}`;
    const inOrder = ["-k", "-j2", "--joblog", log, "--resume", "--shell", script, ":::", "slow", "a", "b", "c"];
    const child = play.spawn(["run", ...inOrder]);
    await until("the last job to begin, and so those before it to have ended", () => noted().length === 4);
    child.kill("SIGKILL");
    await child.exited;
    expect(rows()).toEqual([]);
    writeFileSync(go, "");
    const { stdout } = await run(...inOrder);
    expect(stdout).toBe("out slow\nout a\nout b\nout c\n");
    expect(rows().length).toBe(4);
  });

  test.each(["", "-k", "--line-buffer"])("what a full disk did not take is not done: %s", async (option) => {
    const line = `run -j1 ${option} --joblog ${log} --shell 'echo {}; echo {} >&2' ::: 1 2`;
    expect((await play.shell(`'${lanes}' ${line} > /dev/full`)).code).toBe(1);
    expect(rows()).toEqual([]);
    // A stderr that takes nothing is no reason to do it again.
    expect((await play.shell(`'${lanes}' ${line} 2> /dev/full`)).stdout).toBe("1\n2\n");
    expect(rows().length).toBe(2);
  });

  test("what a reader that left did not take is not done", async () => {
    await play.shell(`'${lanes}' run -q -j1 --joblog ${log} seq ::: 1000000 2000000 | head -n 1`);
    expect(rows()).toEqual([]);
  });
});

describe("--resume", () => {
  test("runs what is missing, whatever the order of the input", async () => {
    await run(...job("a", "b"));
    const { stderr } = await run("--summary", "--resume", ...job("c", "b", "a", "d"));
    expect(noted()).toEqual(["a", "b", "c", "d"]);
    expect(stderr).toContain("2 done before");
    expect(rows().length).toBe(4);
  });

  test.each([
    ["no shell", ["echo", "job{#}", "{#}", "{}"]],
    ["a shell", ["--shell", "echo 'job {#}' {}>&1; : {#}>/dev/null '{#}'"]],
  ])("a number in the command is not compared: %s", async (_, words) => {
    // Values that look like numbers of jobs.
    await run("--joblog", log, ...words, ":::", "3", "2 1", "11");
    const { stdout } = await run("-k", "--joblog", log, "--resume", ...words, ":::", "new", "11", "3", "2 1", "1");
    expect(stdout).toMatch(/^job.* new\njob.* 1\n$/);
    expect(rows().length).toBe(5);
    const { stderr } = await run(
      "--summary",
      "--joblog",
      log,
      "--resume",
      ...words,
      ":::",
      "1",
      "3",
      "2 1",
      "11",
      "new",
      "3",
    );
    expect(stderr).toContain("5 done before");
  });

  test("leaves out failed jobs, --resume-failed runs them again", async () => {
    writeFileSync(join(play.tmp, "broken"), "");
    expect((await run(...job("a", "fail"))).code).toBe(1);
    expect((await run("--resume", ...job("a", "fail"))).code).toBe(0);
    expect(noted()).toEqual(["a", "fail"]);
    rmSync(join(play.tmp, "broken"));
    expect((await run("--resume-failed", ...job("a", "fail"))).code).toBe(0);
    expect(noted()).toEqual(["a", "fail", "fail"]);
    expect((await run("--summary", "--resume-failed", ...job("a", "fail"))).stderr).toContain("2 done before");
  });

  test("takes a log that was torn", async () => {
    await run(...job("a", "b", "c"));
    truncateSync(log, readFileSync(log).length - 5);
    await run("--resume", ...job("a", "b", "c"));
    expect(noted().length).toBe(4);
    expect(rows().length).toBe(3);
    appendFileSync(log, "12\t:\tgarb");
    expect((await run("--summary", "--resume", ...job("a", "b", "c"))).stderr).toContain("3 done before");
  });

  test("keeps the order of output with -k", async () => {
    await run("-k", "--joblog", log, "echo", ":::", "b");
    expect((await run("-k", "--resume", "--joblog", log, "echo", ":::", "a", "b", "c")).stdout).toBe("a\nc\n");
  });

  test("needs a joblog", async () => {
    expect((await run("--resume", "true", ":::", "a")).code).toBe(2);
  });

  test("a job stopped by Ctrl-C is not in the log", async () => {
    const child = play.spawn([
      "run",
      "-j2",
      "--joblog",
      log,
      "--shell",
      `echo {} >> ${ran}; sleep {}`,
      ":::",
      "0",
      "60",
    ]);
    await until("both jobs to begin", () => noted().length === 2 && rows().length === 1);
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(rows().map((row) => row[0])).toEqual(["1"]);
  });

  test("after kill -9: nothing twice that is in the log, and nothing missed", async () => {
    const values = Array.from({ length: 12 }, (_, index) => `v${index}`);
    const slow = ["--joblog", log, "--shell", `echo {} >> ${ran}; sleep 0.05`, ":::", ...values];
    const child = play.spawn(["run", "-j2", ...slow]);
    await until("some jobs to end", () => existsSync(log) && rows().length >= 4);
    child.kill("SIGKILL");
    await child.exited;
    await until("the jobs to be gone", () => play.running().length === 0);
    const done = rows().map((row) => row[8] ?? "");
    rmSync(ran);
    expect((await run("--resume", ...slow)).code).toBe(0);
    const again = noted();
    expect(done.filter((command) => again.some((value) => command.includes(`echo ${value} `)))).toEqual([]);
    expect(rows().length).toBe(12);
    expect(new Set(rows().map((row) => row[8])).size).toBe(12);
  });
});
