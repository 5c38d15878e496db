/** `lanes explore`: the order in which a program goes wrong is found, made small, and given again; locks are respected. */
import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mayTraceAll } from "../../../src/trace/privileges.ts";
import { lanes, Playground } from "../../support/lanes.ts";
import { mounting } from "../../support/processes/namespaces.ts";
import { mayTrace } from "../../support/processes/ptrace.ts";
import {
  counter,
  type ExploreDocument,
  explored as explore,
  folderOf as newFolder,
  plain,
} from "../../support/recordings/explore.ts";
import { until } from "../../support/wait.ts";

const play = new Playground();
afterAll(() => play.clean());

const folderOf = (files: Readonly<Record<string, string>>) => newFolder(play, files);
const explored = (folder: string, args: readonly string[]) => explore(play, folder, args);

const left = () => readdirSync(play.tmp).filter((name) => name.startsWith("lanes-explore-"));

describe.skipIf(!mayTrace)("lanes explore", () => {
  test("a lost update in a shell script: found, made small, explained, given again", async () => {
    const folder = folderOf({ "job.sh": counter(plain) });
    const { document, code } = await explored(folder, ["--runs", "3", "sh", "job.sh"]);
    expect(code).toBe(1);
    expect(document.outcomes.map(({ stdout }) => stdout)).toEqual(expect.arrayContaining(["2", "1"]));
    expect(document.outcomes.find(({ right }) => right)?.stdout).toBe("2");
    const { smallest } = document;
    expect(smallest?.order.split(",")).toHaveLength(1);
    expect(smallest?.sentence).toMatch(/P\d.*\bn\b.*P\d/);
    expect(existsSync(join(folder, "n"))).toBe(false); // it ran in copies
    const again = await explored(folder, ["--replay", smallest?.order ?? "", "sh", "job.sh"]);
    // Whether somebody who waited was seen asleep before it went on is the machine's, and no part of the order.
    const stepsOf = (document: ExploreDocument) =>
      document.smallest?.steps
        .filter(({ call }) => call !== "goes on")
        .map(({ lane, call, file }) => [lane, call, file]);
    expect(stepsOf(again.document)).toEqual(stepsOf(document));
    expect(left()).toEqual([]);
  }, 120_000);

  const locks: readonly (readonly [name: string, add: string])[] = [
    ["flock(1)", `flock n.lock sh -c '${plain}'`],
    ["mkdir", `until mkdir d 2> /dev/null; do sleep 0.01; done; ${plain}; rmdir d`],
    ["set -C", `until (set -C; : > l) 2> /dev/null; do sleep 0.01; done; ${plain}; rm l`],
  ];
  test.each(locks)(
    "the same under %s: one outcome in all orders",
    async (_, add) => {
      const folder = folderOf({ "job.sh": counter(add) });
      const { document, code } = await explored(folder, ["--runs", "2", "sh", "job.sh"]);
      expect(document.outcomes.map(({ stdout, end }) => [stdout, end])).toEqual([["2", "ended"]]);
      expect(document.runs).toBe(2);
      expect(code).toBe(0);
    },
    120_000,
  );

  test("two locks in two orders: a deadlock, with who waits for what", async () => {
    const folder = folderOf({ "job.sh": "flock A flock B true & flock B flock A true & wait\n" });
    const { document, code } = await explored(folder, ["--runs", "5", "sh", "job.sh"]);
    expect(code).toBe(1);
    const waits = document.deadlocks[0]?.waits.filter(({ why }) => why === "lock");
    expect(waits?.map(({ on }) => on).sort()).toEqual(["A", "B"]);
    expect(document.smallest?.explanation.is).toBe("deadlock");
  }, 120_000);

  test("checked, then made: --check says what is right, --before sets the scene in place", async () => {
    const folder = folderOf({ "job.sh": "go() { [ -e f ] || { echo $1 >> won; : > f; }; }\ngo 1 & go 2 & wait\n" });
    const { document, code } = await explored(folder, [
      ...["--runs", "4", "--in-place", "--before", "rm -f f won"],
      ...["--check", "[ $(wc -l < won) = 1 ]", "sh", "job.sh"],
    ]);
    expect(code).toBe(1);
    expect(document.outcomes.some(({ right }) => right)).toBe(true);
    expect(document.smallest?.explanation.is).toBe("checkThenAct");
    expect(existsSync(join(folder, "won"))).toBe(true);
  }, 120_000);

  test("one process, wrong in every order, chance in the output: each is said", async () => {
    const folder = folderOf({ "job.sh": counter(plain) });
    const privileged = join(play.tmp, "privileged");
    copyFileSync("/bin/cat", privileged);
    chmodSync(privileged, 0o4755);
    const one = await explored(folder, [privileged, "job.sh"]);
    expect([one.code, one.document.stopped, one.document.runs]).toEqual([0, "oneProcess", 1]);
    expect(one.document.notes.unprivileged).toEqual(mayTraceAll() ? [] : [privileged]);
    const wrong = await explored(folder, ["--runs", "2", "--check", "false", "sh", "job.sh"]);
    expect(wrong.code).toBe(1);
    expect(wrong.document.outcomes.every(({ right }) => !right)).toBe(true);
    const chance = "cat /proc/sys/kernel/random/uuid & : > a & wait";
    const unsteady = await explored(folder, ["--runs", "3", "sh", "-c", chance]);
    expect([unsteady.code, unsteady.document.notes.unsteady]).toEqual([1, true]);
    const ignored = await explored(folder, ["--runs", "2", "--ignore", "[0-9a-f-]{36}", "sh", "-c", chance]);
    expect(ignored.code).toBe(0);
  }, 120_000);

  test("descriptors that were open and functions of bash reach every run, and no descriptor of lanes' own does", async () => {
    const folder = folderOf({ text: "given" });
    const seen = "cat /dev/fd/7; f; ls /proc/self/fd | wc -l";
    const before = `cd ${folder}; exec 7<text; f() { echo f; }; export -f f;`;
    const plainly = await play.shell(`${before} bash -c '${seen}'`);
    const { stdout } = await play.shell(`${before} $LANES explore --json --runs 2 bash -c '${seen}'`);
    const { outcomes } = JSON.parse(stdout) as ExploreDocument;
    expect(outcomes.map((outcome) => [outcome.count, outcome.stdout])).toEqual([[2, plainly.stdout.trimEnd()]]);
  }, 60_000);

  test("bad input: a folder that is too large, no such command, a check and a program that hang", async () => {
    const folder = folderOf({ "job.sh": "sleep 60 & wait\n" });
    const failed = async (...args: string[]) => {
      const { code, stderr } = await explored(folder, args);
      expect(stderr.split("\n")).toHaveLength(2);
      return [code, stderr] as const;
    };
    expect(await failed("no-such-command")).toEqual([1, expect.stringContaining("no-such-command")]);
    expect(await failed("--timeout", "300ms", "sh", "job.sh")).toEqual([1, expect.stringContaining("--timeout")]);
    // On a machine that has no time for us the program itself takes too long.
    const hangs = expect.stringMatching(/--check|--timeout/);
    expect(await failed("--timeout", "1s", "--check", "sleep 60", "true")).toEqual([1, hangs]);
    expect(await failed("--before", "exit 3", "true")).toEqual([1, expect.stringContaining("3")]);
    expect(await failed("--replay", "nonsense", "true")).toEqual([2, expect.stringContaining("nonsense")]);
    expect(await failed("--ignore", "(", "true")).toEqual([2, expect.stringContaining("ignore")]);
    writeFileSync(join(folder, "large"), "");
    Bun.spawnSync(["truncate", "-s", "70M", join(folder, "large")]);
    expect(await failed("true")).toEqual([2, expect.stringContaining("--in-place")]);
    expect(left()).toEqual([]);
  }, 120_000);

  test.skipIf(mounting === null)("a full disk: it is said which, and nothing is left there", async () => {
    const fill = 'mount -t tmpfs -o size=64k none "$TMPDIR" && head -c 65536 /dev/zero > "$TMPDIR/full"';
    const { stdout, stderr } = await play.shell(
      `mkdir disk; TMPDIR=$PWD/disk ${mounting} sh -c '${fill}; "$LANES" explore true; ls "$TMPDIR"'`,
    );
    expect(stdout).toBe("full\n");
    expect(stderr).toMatch(/^(head: .*\n)?lanes: no room left in .*\/disk .*\n$/);
  });

  test("Ctrl-C shows what was found; kill -9 of lanes ends all: nothing runs on, no copy is left", async () => {
    const folder = folderOf({ "job.sh": `echo $$ > "$OUT"; (: > a) & : > a; wait; sleep 0.05\n` });
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const pidFile = join(play.tmp, `pid-${signal}`);
      const child = Bun.spawn([lanes, "explore", "--runs", "100000", "sh", "job.sh"], {
        cwd: folder,
        env: { ...play.env, OUT: pidFile },
        stdio: ["ignore", "pipe", "pipe"],
      });
      await until("a run", () => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
      child.kill(signal);
      const stdout = await new Response(child.stdout).text();
      await child.exited;
      if (signal === "SIGINT") {
        expect(child.exitCode).toBe(130);
        expect(stdout).toContain("lanes explore sh job.sh");
      }
      await until("the copy to be removed", () => left().length === 0);
      const pid = Number(readFileSync(pidFile, "utf8"));
      await until("its process to end", () => !existsSync(`/proc/${pid}`));
    }
  }, 120_000);
});

const python = Bun.which("python3", { PATH: "/usr/bin:/bin" });

describe.skipIf(!mayTrace || python === null)("lanes explore, of Python", () => {
  const script = `
import json
from multiprocessing import Lock, Process
def add(lock):
    with lock:
        n = json.load(open("n.json"))
        with open("n.json", "w") as file: json.dump(n + 1, file)
if __name__ == "__main__":
    json.dump(0, open("n.json", "w"))
    lock = Lock()
    all = [Process(target=add, args=(lock,)) for _ in range(2)]
    for one in all: one.start()
    for one in all: one.join()
    print(open("n.json").read())
`;

  test("a Lock of multiprocessing (a futex in shared memory) is respected", async () => {
    const folder = folderOf({ "job.py": script });
    const { document } = await explored(folder, ["--runs", "2", "python3", "job.py"]);
    expect(document.outcomes.map(({ stdout, end }) => [stdout, end])).toEqual([["2", "ended"]]);
  }, 120_000);
});
