/** `lanes run`: values, placeholders, output. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";

const play = new Playground();
afterAll(() => play.clean());

const run = (...args: string[]) => play.run(["run", ...args]);
const file = (name: string, content: string | Uint8Array) => {
  const path = join(play.tmp, name);
  writeFileSync(path, content);
  return path;
};

describe("values", () => {
  test("from the command line, a file, stdin", async () => {
    expect((await run("-k", "echo", ":::", "a b", "c")).stdout).toBe("a b\nc\n");
    expect((await run("-k", "echo", "::::", file("in", "x\ny"))).stdout).toBe("x\ny\n");
    expect((await play.shell("printf 'p\\nq\\n' | $LANES run -k echo")).stdout).toBe("p\nq\n");
    expect((await play.shell("printf 'p\\nq\\n' | $LANES run -k echo :::: - ::: 1 2")).stdout).toBe(
      "p 1\np 2\nq 1\nq 2\n",
    );
  });

  test("everything from COMMAND to ::: is the command's, options after ::: too", async () => {
    expect((await run("-k", "echo", "-j", "--halt", ":::", "-n", "--help")).stdout).toBe(
      "-j --halt -n\n-j --halt --help\n",
    );
    expect((await run("--", "echo", ":::", "a")).stdout).toBe("a\n");
    expect((await play.run(["--lang", "en", "run", "echo", ":::", "a"])).stdout).toBe("a\n");
  });

  test("no shell: a value is never code", async () => {
    const { stdout } = await run("-k", "echo", "{}", ":::", "$(id)", "; id", "`id`", "*", "a\nb");
    expect(stdout).toBe("$(id)\n; id\n`id`\n*\na\nb\n");
  });

  test("--shell quotes them", async () => {
    const { stdout } = await run("-k", "--shell", 'echo {} "<{}>" | tr a-z A-Z', ":::", "a  b", "it's $HOME");
    expect(stdout).toBe("A  B <A  B>\nIT'S $HOME <IT'S $HOME>\n");
  });

  test("lines of stdin are commands; blank ones do nothing", async () => {
    const { stdout, code } = await play.shell("printf 'echo one | tr o 0\\n\\nexit 0\\necho two' | $LANES run -k");
    expect([stdout, code]).toEqual(["0ne\ntwo\n", 0]);
    expect((await run("-k", ":::", "echo a; echo b", "echo c")).stdout).toBe("a\nb\nc\n");
  });

  test("-n takes several, -0 splits at NUL", async () => {
    expect((await run("-k", "-n2", "echo", "<{1}|{2}>", "{}", ":::", "a", "b", "c")).stdout).toBe(
      "<a|b> a b\n<c|> c\n",
    );
    expect((await play.shell("printf 'a b\\0c\\nd\\0' | $LANES run -k -0 echo x{}")).stdout).toBe("xa b\nxc\nd\n");
  });

  test("no values, no jobs, no failure", async () => {
    const { stdout, stderr, code } = await run("--summary", "echo");
    expect([stdout, stderr.trim(), code]).toEqual(["", expect.stringContaining("0 jobs"), 0]);
  });

  test("bytes that are no UTF-8 arrive as they are", async () => {
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x27, 0xc3, 0x28, 0x20, 0x24]);
    const path = file("bytes", Buffer.concat([bytes, Buffer.from("\nplain\n")]));
    for (const [command, expected] of [
      [["printf", "%s\\n"], bytes],
      [["--shell", "printf '%s\\n' {}"], bytes],
      [["--shell", 'printf "%s\\n" "{}"'], bytes],
    ] as const) {
      const out = play.spawn(["run", "-k", ...command, "::::", path]);
      expect(Buffer.from(await new Response(out.stdout).arrayBuffer())).toEqual(
        Buffer.concat([expected, Buffer.from("\nplain\n")]),
      );
      await out.exited;
    }
    const line = file("line", Buffer.concat([Buffer.from("printf '%s' '"), Buffer.of(0xff, 0xc3), Buffer.from("'\n")]));
    const out = play.spawn(["run", "::::", line]);
    expect(Buffer.from(await new Response(out.stdout).arrayBuffer())).toEqual(Buffer.of(0xff, 0xc3));
    await out.exited;
  });

  test("an endless input is read as it is needed", async () => {
    const { stdout, code } = await play.shell("yes | $LANES run -j2 --halt soon,done=20 echo {#} | sort -n | tail -1");
    expect([Number(stdout) >= 20 && Number(stdout) <= 21, code]).toEqual([true, 0]);
  });
});

describe("output", () => {
  test("is whole, as soon as the job ends; -k: in input order", async () => {
    const command = ["--shell", "echo {}1; sleep {}; echo {}2"];
    expect((await run("-j2", ...command, ":::", "0.3", "0")).stdout).toBe("01\n02\n0.31\n0.32\n");
    expect((await run("-j2", "-k", ...command, ":::", "0.3", "0")).stdout).toBe("0.31\n0.32\n01\n02\n");
  });

  test("stdout and stderr stay apart", async () => {
    const { stdout, stderr } = await run("-q", "-k", "--shell", "echo out{}; echo err{} >&2", ":::", "1", "2");
    expect([stdout, stderr]).toEqual(["out1\nout2\n", "err1\nerr2\n"]);
  });

  test("is byte-exact: binary, no final newline", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000));
    const path = file("random", bytes);
    const out = play.spawn(["run", "-k", "cat", ":::", path, path]);
    expect(Buffer.from(await new Response(out.stdout).arrayBuffer()).equals(Buffer.concat([bytes, bytes]))).toBe(true);
    await out.exited;
  });

  test("never mixes, however many write at once", async () => {
    const command = ["--shell", "for i in $(seq 200); do echo {}-$i; done"];
    const { stdout } = await run("-j8", ...command, ":::", ..."abcdefgh");
    const jobs = new Set(stdout.split("\n").map((line) => line[0]));
    expect(stdout.match(/^(.)-1\n(\1-.*\n){199}/gm)?.length).toBe(8);
    expect(jobs.size).toBe(9); // and the end
  });

  test("--line-buffer passes lines on before the job has ended", async () => {
    const fifo = join(play.tmp, "fifo");
    const line = `mkfifo ${fifo}; $LANES run --line-buffer --shell 'printf "first\\nunfin"; read x < ${fifo}; echo ished; : {}' ::: 1 |
      { read a; echo "got $a"; echo go > ${fifo}; cat; }`;
    expect((await play.shell(line)).stdout).toBe("got first\nunfinished\n");
  });

  test("so do -k, of the job whose turn it is, and --results", async () => {
    const fifo = join(play.tmp, "turn");
    const job = `if [ {} = 2 ]; then echo two; else printf "first\\nunfin"; read x < ${fifo}; echo ished; fi`;
    const line = (how: string) =>
      `rm -f ${fifo}; mkfifo ${fifo}; $LANES run -j2 --line-buffer ${how} --shell '${job}' ::: 1 2 |
        { read a; echo "got $a"; echo go > ${fifo}; cat; }`;
    expect((await play.shell(line("-k"))).stdout).toBe("got first\nunfinished\ntwo\n");
    expect((await play.shell(line("-k --tag"))).stdout).toBe("got 1\tfirst\n1\tunfinished\n2\ttwo\n");
    expect((await play.shell(line("-k --results followed"))).stdout).toBe("got first\nunfinished\ntwo\n");
    expect(readFileSync(join(play.tmp, "followed/1/1/stdout"), "utf8")).toBe("first\nunfinished\n");
    const one = line("--results followed").replace(" 1 2 |", " 1 |");
    expect((await play.shell(one)).stdout).toBe("got first\nunfinished\n");
  });

  test("-k --line-buffer: what a try wrote that failed was out already, and the next one begins anew", async () => {
    const script =
      '[ -e again ] && { echo ok; exit; }; echo bad; echo "unfinished" >&2; until [ -s seen ]; do sleep 0.01; done; : > again; exit 3';
    const line = `rm -f again seen; $LANES run -q -k --line-buffer --retries 2 --shell '${script}; : {}' ::: 1 | { read a; echo "$a" > seen; echo "got $a"; cat; }`;
    const { stdout, stderr } = await play.shell(line);
    expect([stdout, stderr]).toEqual(["got bad\nok\n", "unfinished\n"]);
  });

  test("a job's output can be opened by name, with --line-buffer too", async () => {
    const script = "echo {} >/dev/stdout; echo oops >/dev/stderr";
    for (const how of [[], ["--line-buffer"]]) {
      const { stdout, stderr } = await run("-q", ...how, "--shell", script, ":::", "a");
      expect([stdout, stderr]).toEqual(["a\n", "oops\n"]);
    }
  });

  test("--line-buffer does not mix lines, long ones neither", async () => {
    const command = ["--shell", "head -c 3000000 /dev/zero | tr '\\0' {}; echo"];
    const { stdout } = await run("-j3", "--line-buffer", ...command, ":::", "a", "b", "c");
    expect(stdout.split("\n").map((line) => [line.length, new Set(line).size])).toEqual([
      ...Array.from({ length: 3 }, () => [3_000_000, 1]),
      [0, 0],
    ]);
  });

  test("--tag begins each line with the value", async () => {
    const { stdout } = await run("-k", "--tag", "--shell", "printf 'x\\ny'; echo {} >/dev/null", ":::", "a b", "c");
    expect(stdout).toBe("a b\tx\na b\tyc\tx\nc\ty");
    const lines = await run("-k", "--tag", "--line-buffer", "-j1", "printf", ":::", "x\\ny");
    expect(lines.stdout).toBe("x\\ny\tx\nx\\ny\ty");
  });

  test("-k holds what is written behind a slow job, without descriptors", async () => {
    const line = "ulimit -n 100; seq 300 | $LANES run -q -k -j8 --shell '[ {} = 1 ] && sleep 1; echo {}; echo e{} >&2'";
    const { stdout, stderr } = await play.shell(line);
    const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
    expect(stdout).toBe(numbers.map((n) => `${n}\n`).join(""));
    expect(stderr).toBe(numbers.map((n) => `e${n}\n`).join(""));
  });

  test("--dry-run prints the commands, as a shell would read them", async () => {
    const { stdout, stderr } = await run("--dry-run", "touch", "{.}", ":::", "a b.c", "it's.x");
    expect([stdout, stderr]).toEqual([`touch 'a b'\ntouch 'it'"'"'s'\n`, ""]);
  });

  test("--results keeps it in files, and odd values stay inside", async () => {
    const folder = join(play.tmp, "results", "inner");
    mkdirSync(folder, { recursive: true });
    const values = ["../../etc", "/", "..", "", "a/b", "x".repeat(5000)];
    const { stdout, code } = await run("-k", "--results", folder, "--shell", "echo {#}; echo e >&2", ":::", ...values);
    expect([stdout, code]).toEqual(["1\n2\n3\n4\n5\n6\n", 0]);
    const found = await play.shell(
      `cd ${join(play.tmp, "results")} && find . -name stdout | sort | while read -r f; do cat "$f"; done`,
    );
    expect(found.stdout.split("\n").sort().join("")).toBe("123456");
    expect((await play.shell(`cd ${join(play.tmp, "results")} && ls`)).stdout).toBe("inner\n");
    expect(readFileSync(join(folder, "1", "a\\_b", "stdout"), "utf8")).toBe("5\n");
    expect(readFileSync(join(folder, "1", "a\\_b", "seq"), "utf8")).toBe("5");
  });

  test("--results keeps what the last try wrote where the first would have been", async () => {
    const folder = join(play.tmp, "tried");
    const script = `echo x >> ${folder}.{}; n=$(wc -l < ${folder}.{}); echo try $n; [ $n -ge 3 ]`;
    const { stdout, code } = await run("--results", folder, "--retries", "4", "--shell", script, ":::", "a", "b");
    expect([stdout, code]).toEqual(["try 3\ntry 3\n", 0]);
    expect(readdirSync(join(folder, "1")).sort()).toEqual(["a", "b"]);
    expect(readFileSync(join(folder, "1", "b", "stdout"), "utf8")).toBe("try 3\n");
    // Equal values are different jobs nevertheless.
    await run("--results", `${folder}2`, "--retries", "2", "--shell", "echo {#} {}; false", ":::", "a", "a");
    expect(readdirSync(join(`${folder}2`, "1")).sort()).toEqual(["a", "a\\#2"]);
  });

  test("--json and --jsonl: stdout is the jobs', stderr ends with what a program can read", async () => {
    const json = await run("--json", "--retries", "2", "--shell", "echo hello; exit {}", ":::", "0", "3");
    expect([json.stdout, json.code]).toEqual(["hello\nhello\n", 1]);
    const document = JSON.parse(json.stderr);
    expect(document).toMatchObject({
      v: 1,
      jobs: 2,
      ok: 1,
      failed: 1,
      retried: 1,
      timedOut: 0,
      skipped: 0,
      stopped: 0,
    });
    expect(document.failures).toMatchObject([{ seq: 2, code: 3, signal: null, attempt: 2 }]);
    const lines = (await run("--jsonl", "true", ":::", "a")).stderr.trim().split("\n");
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toEqual(["recording", "spawn", "exit", "result"]);
    expect(events[1]).toMatchObject({ lane: "P1", seq: 1, command: "true a", ppid: expect.any(Number) });
  });

  test("on success a script hears nothing, but for --summary", async () => {
    expect((await run("true", ":::", "1", "2")).stderr).toBe("");
    expect((await run("--html", "silent.html", "true", ":::", "1")).stderr).toBe("");
    const sum = /^lanes: 2 jobs, 2 ok, [\d.]+ m?s\n$/;
    expect((await run("--summary", "true", ":::", "1", "2")).stderr).toMatch(sum);
    expect((await run("-q", "--summary", "true", ":::", "1", "2")).stderr).toMatch(sum);
    const chinese = await play.run(["run", "--summary", "--lang", "zh", "true", ":::", "1"]);
    expect(chinese.stderr).toContain("1 个任务");
  });

  test("each job that failed has a line, with -q too; the last line sums up, without", async () => {
    const failing = Array.from({ length: 15 }, (_, index) => `${index + 1}`);
    const lines = (stderr: string) => stderr.trimEnd().split("\n");
    const { stderr } = await run("-k", "false", ":::", ...failing);
    expect(lines(stderr)).toHaveLength(16);
    expect(lines(stderr).at(-1)).toMatch(/^lanes: 15 jobs, 0 ok, 15 failed, /);
    const quiet = lines((await run("-q", "false", ":::", ...failing)).stderr);
    expect(quiet).toHaveLength(15);
    for (const line of quiet) expect(line).toMatch(/^lanes: job \d+ failed \(exit code 1\): false \d+$/);
  });

  test("each of very many, too", async () => {
    const { stderr, code } = await play.shell("seq 130 | $LANES run -q -j4 --shell 'exit {}'");
    const told = stderr
      .trimEnd()
      .split("\n")
      .map((line) => /^lanes: job (\d+) failed \(exit code \1\)/.exec(line)?.[1]);
    expect([code, told.map(Number).sort((a, b) => a - b)]).toEqual([1, Array.from({ length: 130 }, (_, at) => at + 1)]);
  });

  test("--progress says how many there will be and how long it takes, from a pipe and from a file", async () => {
    for (const values of ["seq 30 |", "seq 30 > thirty; sh -c 'read x; exec \"$@\"' _ < thirty"]) {
      const { stderr } = await play.shell(`${values} $LANES run -j2 --progress sh -c 'sleep 0.15' _`);
      const total = values.endsWith("|") ? 30 : 29;
      expect(stderr).toMatch(new RegExp(`^lanes: \\d+/${total} done, [\\d.]+ a second, about [\\d.]+ m?s left$`, "m"));
    }
  });
});

describe("scheduling", () => {
  test("at most -j at once, and as many as that", async () => {
    const { stdout } = await run(
      "-j3",
      "--shell",
      "touch run.{#}; ls run.* | wc -l; sleep 0.2; rm run.{#}",
      ":::",
      ..."123456789",
    );
    expect(Math.max(...stdout.trim().split("\n").map(Number))).toBe(3);
  });

  test("a job knows its number and slot", async () => {
    const { stdout } = await run(
      "-k",
      "-j2",
      "--shell",
      'echo "$PARALLEL_SEQ {#} $PARALLEL_JOBSLOT {%}"; sleep 0.1',
      ":::",
      "a",
      "b",
      "c",
    );
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ").map(Number));
    expect(rows.map(([seq]) => seq)).toEqual([1, 2, 3]);
    for (const [seq, number, slot, place] of rows) {
      expect([number, place]).toEqual([seq, slot]);
      expect([1, 2]).toContain(slot ?? 0);
    }
  });

  test("--delay between starts", async () => {
    const started = performance.now();
    await run("-j4", "--delay", "150ms", "true", ":::", "1", "2", "3");
    expect(performance.now() - started).toBeGreaterThan(300);
  });

  test("--load and --memfree hold jobs back", async () => {
    expect((await run("--load", "100000", "echo", ":::", "a")).stdout).toBe("a\n");
    expect((await run("--memfree", "1k", "echo", ":::", "a")).stdout).toBe("a\n");
    for (const option of ["--load=0.000001", "--memfree=100000T"]) {
      const held = play.spawn(["run", option, "echo", ":::", "a"]);
      await Bun.sleep(300);
      held.kill("SIGTERM");
      expect([await new Response(held.stdout).text(), await held.exited]).toEqual(["", 143]);
    }
  });

  test("exit code 0 if every job ended with 0, else 1", async () => {
    expect((await run("true", ":::", "1", "2")).code).toBe(0);
    expect((await run("--shell", "exit {}", ":::", "0", "7")).code).toBe(1);
    expect((await run("--shell", "kill -9 $$", ":::", "1")).code).toBe(1);
  });

  test("--exit-code: the number of failed jobs, or the code of the one that halted the run", async () => {
    const code = async (...words: string[]) => (await run("-q", "-j1", ...words)).code;
    const some = ["--shell", "exit {}", ":::", "0", "3", "2", "0"];
    expect(await code("--exit-code", "count", ...some)).toBe(2);
    expect(await code("--exit-code=count", "--shell", "exit {}", ":::", "0", "0")).toBe(0);
    expect((await play.shell("seq 150 | $LANES run -q --exit-code count false")).code).toBe(101);
    expect(await code("--exit-code", "halt", "--halt", "now,fail=1", ...some)).toBe(3);
    expect(await code("--exit-code", "halt", "--halt", "soon,fail=2", ...some)).toBe(2);
    expect(await code("--exit-code", "halt", "--halt", "now,fail=1", "--shell", "kill -9 $$", ":::", "1")).toBe(137);
    expect(await code("--exit-code", "halt", "--halt", "now,success=1", ...some)).toBe(0);
    expect(await code("--exit-code", "halt", "--halt", "now,done=2", ...some)).toBe(3);
    expect(await code("--exit-code", "halt", ...some)).toBe(1); // nothing has halted it
  });

  test("--halt", async () => {
    const command = ["-j2", "--shell", "sleep 0.{}; exit $(( {#} % 2 ))"];
    const done = async (halt: string, ...values: string[]) => {
      const { stderr, code } = await run("--json", "--halt", halt, ...command, ":::", ...values);
      const { ok, failed, stopped } = JSON.parse(stderr);
      return { ok, failed, stopped, code };
    };
    // Job 1, 3, … fail; the values say how long they take.
    expect(await done("now,fail=1", "1", "9", "9")).toEqual({ ok: 0, failed: 1, stopped: 1, code: 1 });
    expect(await done("soon,fail=1", "1", "3", "9")).toEqual({ ok: 1, failed: 1, stopped: 0, code: 1 });
    expect(await done("now,success=1", "9", "1", "9")).toEqual({ ok: 1, failed: 0, stopped: 1, code: 0 });
    expect(await done("soon,fail=50%", "0", "0", "0", "0")).toMatchObject({ failed: 2, code: 1 });
    const share = await play.shell("seq 10 | $LANES run --json -j1 --halt now,fail=30% --shell 'exit {}'");
    expect(JSON.parse(share.stderr)).toMatchObject({ ok: 0, failed: 3 });
    expect(await done("never", "0", "0", "0")).toEqual({ ok: 1, failed: 2, stopped: 0, code: 1 });
  });

  test("--retries tries again, and passes on the last try's output only", async () => {
    const script = 'echo x >> tries; n=$(wc -l < tries); echo "try $n"; [ $n -ge {} ]';
    const { stdout, code, stderr } = await run("--summary", "--retries", "5", "--shell", script, ":::", "3");
    expect([stdout, code]).toEqual(["try 3\n", 0]);
    expect(stderr).toContain("2 retries");
  });

  test("--timeout stops a job and what it started; N% goes by the median", async () => {
    const { stdout, stderr, code } = await run(
      "-j2",
      "--timeout",
      "3s",
      "--shell",
      "echo {}; sleep {} & wait",
      ":::",
      "0",
      "50",
    );
    expect([stdout, code]).toEqual(["0\n50\n", 1]);
    expect(stderr).toContain("1 timed out");
    const share = await run("-j1", "--json", "--timeout", "1000%", "sleep", ":::", "0.05", "0.05", "0.05", "60");
    expect(JSON.parse(share.stderr)).toMatchObject({ ok: 3, failed: 1, timedOut: 1 });
  });
});
