/** `lanes run`: bad input, and a system that refuses. */
import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { alone, mounting } from "../../support/processes/namespaces.ts";

const play = new Playground();
afterAll(() => play.clean());

const run = (...args: string[]) => play.run(["run", ...args]);

describe("a command that cannot be run fails like a job", () => {
  test("not found, not executable, a folder", async () => {
    const plain = join(play.tmp, "plain");
    writeFileSync(plain, "echo no\n");
    for (const [command, code, words] of [
      ["no-such-command", 127, "not found"],
      ["/no/such/file", 127, "not found"],
      [plain, 126, "cannot be executed"],
      [play.tmp, 126, "cannot be executed"],
    ] as const) {
      const { stderr, code: exit } = await run("--json", command, ":::", "a");
      expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "").failures[0]).toMatchObject({ seq: 1, code });
      expect([exit, stderr]).toEqual([1, expect.stringContaining(words)]);
    }
  });

  test("a script without #! is the shell's", async () => {
    const script = join(play.tmp, "script");
    writeFileSync(script, 'echo "script $1"\n');
    chmodSync(script, 0o755);
    expect((await run(script, ":::", "a b")).stdout).toBe("script a b\n");
  });

  test("but not for want of a folder for temporary files: that is said, whatever is to run", async () => {
    const TMPDIR = join(play.tmp, "nowhere");
    writeFileSync(join(play.tmp, "same.ts"), "export default (item: string) => item;");
    for (const args of [
      ["run", "echo", ":::", "a"],
      ["demo", "isolation"],
    ]) {
      const { stdout, stderr, code } = await play.run(args, { TMPDIR });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`lanes: no temporary file can be made in ${TMPDIR} (ENOENT)`);
      expect(stderr).not.toContain("not found");
    }
  });

  test.skipIf(mounting === null)("a read-only /dev/shm is done without", async () => {
    const line = `${mounting} sh -c 'mount -t tmpfs -o ro none /dev/shm && "$LANES" run echo ::: a'`;
    expect(await play.shell(line)).toMatchObject({ stdout: "a\n", code: 0 });
  });

  test("the others go on", async () => {
    const { stdout, code } = await run("-k", "{}", ":::", "pwd", "no-such-command", "true");
    expect([stdout, code]).toEqual([`${play.tmp}\n`, 1]);
  });
});

describe("values that are no arguments", () => {
  test("too long", async () => {
    const path = join(play.tmp, "long");
    writeFileSync(path, `short\n${"x".repeat(1 << 20)}\n`);
    const { stdout, stderr, code } = await run("-k", "echo", "::::", path);
    expect([stdout, code]).toEqual(["short\n", 1]);
    expect(stderr).toContain("too long");
    expect((await run("-k", "--shell", "wc -c < {}", "::::", path)).code).toBe(1);
  });

  test("NUL", async () => {
    const { stdout, stderr, code } = await play.shell("printf 'a\\0b\\nc\\n' | $LANES run -k echo");
    expect([stdout, code]).toEqual(["c\n", 1]);
    expect(stderr).toContain("NUL");
  });

  test("an endless line takes no memory, and no time after its end", async () => {
    const { code, stderr } = await play.shell(
      "{ head -c 50000000 /dev/zero | tr '\\0' x; echo; } | $LANES run echo | wc -c",
    );
    expect([code, stderr.includes("too long")]).toEqual([0, true]);
  });
});

describe("the command line", () => {
  const rejected: readonly (readonly [string[], string])[] = [
    [["-j", "abc", "true", ":::", "1"], "--jobs"],
    [["-j", "", "true", ":::", "1"], "--jobs"],
    [["-n", "0", "true", ":::", "1"], "--max-args"],
    [["--retries", "0", "true", ":::", "1"], "--retries"],
    [["--timeout", "-1", "true", ":::", "1"], "--timeout"],
    [["--delay", "soon", "true", ":::", "1"], "--delay"],
    [["--halt", "later", "true", ":::", "1"], "--halt"],
    [["--memfree", "much", "true", ":::", "1"], "--memfree"],
    [["--load", "", "true", ":::", "1"], "--load"],
    [["--frobnicate", "true", ":::", "1"], "--frobnicate"],
    [["true", "::::", "/no/such/file"], "/no/such/file"],
    [["--shell", ":::", "a"], "--shell"],
    [["true", ":::+", "a"], ":::+"],
  ];
  for (const [args, word] of rejected) {
    test(`${args.join(" ")}: one line, code 2, nothing started`, async () => {
      const { stdout, stderr, code } = await run(...args);
      expect([stdout, code]).toEqual(["", 2]);
      expect(stderr).toContain(word);
      expect(stderr.trim().split("\n").length).toBe(1);
    });
  }

  test("a folder for --results that cannot be, or that was meant as a pattern", async () => {
    writeFileSync(join(play.tmp, "no-folder"), "");
    for (const folder of ["no-folder", "no-folder/below", "out/{1}.txt", "{}", "{/.}", "out.csv"]) {
      const { stdout, stderr, code } = await run("--results", folder, "--joblog", "untouched", "echo", ":::", "1");
      expect([stdout, code, stderr]).toEqual(["", 2, expect.stringMatching(/^lanes: .*\n$/)]);
    }
    expect(existsSync(join(play.tmp, "untouched"))).toBe(false);
    expect((await run("--results", "{braces}", "echo", ":::", "1")).code).toBe(0);
  });

  test("what --tty cannot do", async () => {
    for (const option of [["--tag"], ["--results", "r"]]) {
      const { stderr, code } = await run("--tty", ...option, "echo", ":::", "1");
      expect([code, stderr]).toEqual([2, expect.stringContaining(`${option[0]} has no effect with --tty`)]);
    }
  });

  test("what xargs and GNU parallel call an option", async () => {
    for (const [theirs, ours] of [
      ["-P2", "-j"],
      ["--max-procs=2", "--jobs"],
      ["-N2", "-n"],
      ["--lb", "--line-buffer"],
      ["-I", "{}"],
      ["--link", ":::+"],
      ["--halt-on-error=2", "--halt"],
    ] as const) {
      expect((await run(theirs, "echo", ":::", "1")).stderr).toBe(
        `lanes: unknown option '${theirs}'; did you mean '${ours}'?\n`,
      );
    }
  });

  test("-j 0 and -j 100000 run as many as they can", async () => {
    for (const jobs of ["0", "100000"]) {
      const { stdout, code } = await run("-j", jobs, "-k", "echo", ":::", ..."abcdefghij");
      expect([stdout.length, code]).toEqual([20, 0]);
    }
  });

  test("help has the usage, then examples, then options", async () => {
    const { stdout, code } = await run("--help");
    const at = ["Usage: lanes run", "Examples:", "Options:"].map((heading) => stdout.indexOf(heading));
    expect([code, at.every((place, index) => place >= 0 && place > (at[index - 1] ?? -1))]).toEqual([0, true]);
  });
});

describe("when the system is short of something", () => {
  test("descriptors: goes on with fewer jobs at once", async () => {
    const { stdout, code } = await play.shell("ulimit -n 40; seq 60 | $LANES run -j100 -k sh -c 'sleep 0.05; echo $0'");
    expect([stdout.trim().split("\n").length, code]).toEqual([60, 0]);
  });

  test.skipIf(alone === null)("processes: goes on with fewer at once", async () => {
    const limited = (limit: number, line: string) => play.shell(`${alone} bash -c 'ulimit -u ${limit}; ${line}'`);
    // JavaScriptCore aborts where it cannot have a thread that it wants: some have to be left to it.
    const { stdout, code } = await limited(60, 'seq 100 | "$LANES" run -j100 -k sh -c "echo \\$0; exec sleep 0.1"');
    expect([stdout.trim().split("\n").length, code]).toEqual([100, 0]);
  });

  test.skipIf(mounting === null)("room for output: said, failed, and not in the joblog as done", async () => {
    const disk = join(play.tmp, "disk");
    mkdirSync(disk);
    const line = `${mounting} sh -c 'mount -t tmpfs -o size=1m none ${disk} && TMPDIR=${disk} $LANES run --joblog ${play.tmp}/disklog head -c 5000000 ::: /dev/zero | wc -c; cut -f7 ${play.tmp}/disklog | tail -1'`;
    const { stdout, stderr } = await play.shell(line);
    expect(stderr).toContain("is full");
    expect(stdout.trim().split("\n").map(Number)).toEqual([expect.any(Number), 1]);
  });

  const onSmallDisk = (name: string, line: string) => {
    const disk = join(play.tmp, name);
    mkdirSync(disk);
    return play.shell(`${mounting} sh -c 'mount -t tmpfs -o size=256k none ${disk}; export TMPDIR=${disk}; ${line}'`);
  };

  test.skipIf(mounting === null)(
    "room from the start: nothing that was written is there, and still it is no success",
    async () => {
      const line = 'head -c 300000 /dev/zero > $TMPDIR/fill 2> /dev/null; $LANES run --shell "echo {}; exit 0" ::: 1';
      const { stdout, stderr, code } = await onSmallDisk("full", line);
      expect([stdout, code, stderr]).toEqual(["", 1, expect.stringContaining("is full")]);
    },
  );

  test.skipIf(mounting === null)(
    "room for a while: a job that ran at that time is no success, though there is room again",
    async () => {
      const script = "seq 100000 2>/dev/null; sleep 0.{}; exit 0";
      const { stderr } = await onSmallDisk("short", `$LANES run -j2 --json --shell "${script}" ::: 3 6 > /dev/null`);
      expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "")).toMatchObject({ jobs: 2, failed: 2 });
    },
  );

  test.skipIf(mounting === null)("room for a long line of --line-buffer: said, failed, and it ends", async () => {
    const line = "timeout -k 1 5 $LANES run -j1 --line-buffer head -c 3000000 ::: /dev/zero > /dev/null";
    const { stderr, code } = await onSmallDisk("lines", line);
    expect([code, stderr]).toEqual([1, expect.stringContaining("is full")]);
  });

  test("descriptors for long lines of --line-buffer: they wait in memory", async () => {
    const line = `ulimit -n 24; timeout -k 1 8 $LANES run -j8 --line-buffer --shell 'head -c 2000000 /dev/zero; sleep 0.1; : {}' ::: 1 2 3 4 5 6 7 8 | wc -c`;
    expect((await play.shell(line)).stdout.trim()).toBe("16000000");
  });
});

describe("jobs that behave oddly", () => {
  test("one that closes its output and stays", async () => {
    const { stdout, code } = await run("-j1", "-k", "--shell", "echo {}; exec >&- 2>&-; sleep 0.2", ":::", "1", "2");
    expect([stdout, code]).toEqual(["1\n2\n", 0]);
  });

  test("one that daemonises: what it says later is nobody else's output", async () => {
    const script = "test {} = 2 || setsid sh -c 'sleep 0.3; echo late' & echo {}; test {} = 1 || sleep 0.6";
    const { stdout, code } = await run("-j1", "-k", "--shell", script, ":::", "1", "2");
    expect([stdout, code]).toEqual(["1\n2\n", 0]);
    const lines = await run("-j1", "--line-buffer", "--shell", script, ":::", "1", "2");
    expect(lines.stdout).toStartWith("1\n");
  });

  test("one that leaves behind what never stops writing is not waited for", async () => {
    const script = "{ sleep 5 & while kill -0 $!; do echo late; sleep 0.001; done 2>&-; } & echo {}";
    const startedMs = performance.now();
    const { stdout } = await run("-j1", "--line-buffer", "--shell", script, ":::", "1");
    expect(stdout).toContain("1\n");
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  test("one that has ended is not timed out because its lines are read late", async () => {
    const pieces = "for i in $(seq 30); do seq 2000; sleep 0.005; done; : {}";
    const line = `$LANES run --json -j1 --line-buffer --timeout 5 --shell '${pieces}' ::: 1 | { sleep 6; wc -l; }`;
    const { stdout, stderr } = await play.shell(line);
    expect([stdout.trim(), JSON.parse(stderr)]).toEqual(["60000", expect.objectContaining({ ok: 1, timedOut: 0 })]);
  });

  test("one that daemonises among many, whose files are used again", async () => {
    const [go, gone] = [join(play.tmp, "go"), join(play.tmp, "gone")];
    const late = `setsid sh -c 'until [ -e ${go} ]; do sleep 0.01; done; echo late; echo late >&2; : > ${gone}' &`;
    const script = `case {} in 30) ${late};; 31) touch ${go}; until [ -e ${gone} ]; do sleep 0.01; done;; esac; echo {}; echo e{} >&2`;
    const numbers = Array.from({ length: 60 }, (_, index) => `${index + 1}`);
    const { stdout, stderr, code } = await run("-q", "-j1", "-k", "--shell", script, ":::", ...numbers);
    expect([stdout, code]).toEqual([numbers.map((number) => `${number}\n`).join(""), 0]);
    expect(stderr).toBe(numbers.map((number) => `e${number}\n`).join(""));
  });

  test("one that cuts off its output, or takes away the right to write to it", async () => {
    const script =
      "echo lost; case {} in 40) : > /dev/stdout;; 41) chmod 0 /proc/self/fd/1;; 42) head -c 9000 /dev/zero | tr '\\0' x;; esac; echo {}";
    const numbers = Array.from({ length: 60 }, (_, index) => `${index + 1}`);
    const { stdout, code } = await run("-q", "-j1", "-k", "--shell", script, ":::", ...numbers);
    const expected = numbers.map((number) =>
      number === "40" ? "40\n" : `lost\n${number === "42" ? "x".repeat(9000) : ""}${number}\n`,
    );
    expect([stdout, code]).toEqual([expected.join(""), 0]);
  });

  test("one that removes the folder its output is kept in", async () => {
    const { stdout, code } = await run(
      "-q",
      "-j1",
      "--results",
      "removed",
      "--shell",
      "echo {}; rm -r removed",
      ":::",
      "1",
      "2",
    );
    expect([stdout.split("\n").sort(), code]).toEqual([["", "1", "2"], 0]);
  });

  test("one that reads stdin finds it empty, and leaves the values alone", async () => {
    const { stdout } = await play.shell("seq 5 | $LANES run -k -j1 --shell 'cat; echo {}'");
    expect(stdout).toBe("1\n2\n3\n4\n5\n");
  });

  test("lanes that starts itself without end", async () => {
    const self = join(play.tmp, "self");
    writeFileSync(self, `#!/bin/sh\nexec "$LANES" run "$0" ::: x\n`);
    chmodSync(self, 0o755);
    const { code, stderr } = await play.shell(`$LANES run ${self} ::: x`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("generations")]);
  });
});
