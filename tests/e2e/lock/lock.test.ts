/** `lanes lock` as users and scripts may rely on it, on the compiled executable. */

import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { isRunning, signalProcess } from "../../support/processes/processes.ts";
import { root } from "../../support/root.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
let file: string;
beforeEach(() => {
  place = new Playground();
  file = `${place.tmp}/a.lock`;
});
afterEach(() => place.clean());

/** A lock command that runs until it is told to end; resolves when its command runs. */
async function holding(options: readonly string[] = [], command = "echo $$ > inside; cat > /dev/null") {
  const child = Bun.spawn([lanes, "lock", ...options, file, "--", "sh", "-c", command], {
    env: place.env,
    cwd: place.tmp,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  await until("the command runs", () => existsSync(`${place.tmp}/inside`) && inside() > 0);
  return child;
}
const inside = () => Number(readFileSync(`${place.tmp}/inside`, "utf8"));
const state = async () => JSON.parse((await place.run(["lock", "status", "--json", file])).stdout);

test("a waiter that was killed keeps nobody out", async () => {
  const holder = await holding();
  const waiter = place.spawn(["lock", file, "true"]);
  await until("the waiter waits", () => place.running().length >= 3);
  await place.run(["lock", "-w", "0.2", file, "true"]); // by then the waiter stands in line
  waiter.kill("SIGKILL");
  await waiter.exited;
  holder.stdin.end();
  await holder.exited;
  for (let i = 0; i < 3; i++) expect((await place.run(["lock", "-n", file, "echo", "got"])).stdout).toBe("got\n");
});

test("holds the file while the command runs, is its exit code, and leaves nothing", async () => {
  const done = await place.run(["lock", file, "--", "sh", "-c", `cat ${file}; exit 7`]);
  expect(done.code).toBe(7);
  expect(done.stderr).toBe("");
  const record = JSON.parse(done.stdout);
  expect(Object.keys(record)).toEqual(
    expect.arrayContaining(["lanes", "pid", "ppid", "child", "host", "boot", "started", "since", "command", "token"]),
  );
  expect(record).toMatchObject({ lanes: 1, command: ["sh", "-c", `cat ${file}; exit 7`] });
  expect(existsSync(file)).toBe(false);
});

test("options before and after FILE, -- or not; what follows COMMAND is the command's", async () => {
  for (const args of [
    ["-n", file, "--", "echo", "-n"],
    [file, "-n", "--", "echo", "-n"],
    ["-n", file, "echo", "-n"],
    [file, "-w", "5", "echo", "-n"],
    ["--wait=5", file, "echo", "-n"],
    ["-w5", file, "--", "echo", "-n"],
    [file, "-nE9", "echo", "-n"],
    ["--lang", "en", file, "--keep", "-o", "echo", "-n"],
  ]) {
    const done = await place.run(["lock", ...args]);
    expect([args, done.code, done.stdout, done.stderr]).toEqual([args, 0, "", ""]);
  }
  expect((await place.run(["lock", file, "echo", "--", "--help"])).stdout).toBe("-- --help\n");
  expect((await place.run(["lock", file, "-c", "echo $((1 + 1))"])).stdout).toBe("2\n");
  expect((await place.run(["--lang", "en", "lock", file, "echo", "x"])).stdout).toBe("x\n");
});

test("not acquired: 75 at once with -n and -w 0, after the wait with -w, or what -E says; the holder is named", async () => {
  const holder = await holding();
  for (const [args, code] of [
    [["-n"], 75],
    [["-w", "0"], 75],
    [["-w", "0.05"], 75],
    [["-n", "-E", "0"], 0],
    [["-E", "255", "-w", ".01"], 255],
  ] as const) {
    const done = await place.run(["lock", ...args, file, "--", "touch", "entered"]);
    expect(done.code).toBe(code);
    expect(done.stderr).toContain(`held by pid ${holder.pid}`);
  }
  expect((await place.run(["lock", "-q", "-n", file, "--", "true"])).stderr).toBe("");
  expect(existsSync(`${place.tmp}/entered`)).toBe(false);
  holder.stdin.end();
  expect(await holder.exited).toBe(0);
});

test("--verbose says whom it waits for, and how long that took", async () => {
  const holder = await holding();
  const waiter = place.spawn(["lock", "--verbose", file, "--", "true"]);
  const reader = waiter.stderr.getReader();
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toContain(`held by pid ${holder.pid}`);
  holder.stdin.end();
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toMatch(/acquired .* after \d+ ms/);
  expect(await waiter.exited).toBe(0);
  await holder.exited;
});

test("at a terminal a long wait says whom it waits for, once; with -q or elsewhere it does not", async () => {
  const holder = await holding();
  for (const [options, says] of [
    [[], true],
    [["-q"], false],
  ] as const) {
    let screen = "";
    const waiter = Bun.spawn([lanes, "lock", "-w", "1.5", ...options, file, "--", "true"], {
      env: place.env,
      terminal: { cols: 300, data: (_, data) => (screen += Buffer.from(data).toString()) },
    });
    expect(await waiter.exited).toBe(75);
    const said = screen.split("\n").filter((line) => line.includes(`waiting for ${file}: held by pid ${holder.pid}`));
    expect(said.length).toBe(says ? 1 : 0);
  }
  const piped = await place.run(["lock", "-w", "1.2", file, "--", "true"]);
  expect(piped.stderr).not.toContain("waiting");
  holder.stdin.end();
  await holder.exited;
});

test("the spellings of flock(1)", async () => {
  for (const options of [
    ["-x"],
    ["-e", "-o"],
    ["--exclusive", "--close"],
    ["--timeout", "1"],
    ["--timeout=.5"],
    ["-xw1"],
  ]) {
    expect(await place.run(["lock", ...options, file, "--", "echo", "in"])).toMatchObject({ code: 0, stdout: "in\n" });
  }
});

test.skipIf(process.platform !== "linux")(
  "status: who waits, in order, lanes and flock(1), and who has it",
  async () => {
    const holder = await holding([], "echo $$ > inside; exec sleep 60");
    const first = place.spawn(["lock", "--verbose", file, "--", "true"]);
    await first.stderr.getReader().read(); // it says so when it waits
    await until("the first to sleep", async () => (await state()).waiting.length === 1);
    const second = Bun.spawn(["flock", file, "true"], { env: place.env });
    await until("flock(1) to sleep", async () => (await state()).waiting.length === 2);
    const third = place.spawn(["lock", file, "--", "true"]);
    let found = await state();
    // /proc/locks is read in pieces: who lines up meanwhile may hide another for one look.
    await until("the third to line up", async () => {
      found = await state();
      return found.waiting.length === 3;
    });
    expect(found.waiting.map(({ pid }: { pid: number }) => pid)).toEqual([first.pid, second.pid, third.pid]);
    expect(found.waiting[1].command).toEqual(["flock", file, "true"]);
    const holders = found.holders.map(({ pid }: { pid: number }) => pid);
    expect(holders).toEqual(expect.arrayContaining([holder.pid, inside()])); // and what that has started
    const { stdout } = await place.run(["lock", "status", file]);
    expect(stdout).toContain(`  3 wait, in this order:\n    ${first.pid} (`);
    holder.kill("SIGKILL");
    await holder.exited;
    const left = await place.run(["lock", "status", file]);
    expect(left.stdout).toContain(`process  ${holder.pid}, which has ended (its command: ${inside()})`);
    process.kill(inside(), "SIGKILL");
    await Promise.all([first.exited, second.exited, third.exited]);
  },
);

test("status --mine: whether the command it is part of holds the lock, not an earlier one", async () => {
  const mine = [lanes, "lock", "status", "--mine", file];
  expect((await place.run(["lock", "status", "--mine", file])).code).toBe(1);
  expect(await place.run(["lock", file, "--", ...mine])).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect((await place.run(["lock", `${file}.other`, "--", ...mine])).code).toBe(1);
  // What was started inside, and is there still when somebody else has it.
  const outlived = `{ sleep 0.05; until [ -e ${place.tmp}/taken ]; do sleep 0.01; done; "$@"; echo $? > ${place.tmp}/late; } > ${place.tmp}/out 2>&1 & exit 0`;
  await place.run(["lock", file, "--", "bash", "-c", outlived, "_", ...mine]);
  const holder = await holding();
  writeFileSync(`${place.tmp}/taken`, "");
  await until(
    "what outlived it to look",
    () => existsSync(`${place.tmp}/late`) && readFileSync(`${place.tmp}/late`, "utf8") !== "",
  );
  expect(readFileSync(`${place.tmp}/late`, "utf8")).toBe("1\n");
  holder.stdin.end();
  await holder.exited;
});

test.each(["sh", "bash", "dash"])(
  "the line at the top of a script puts the rest of it under the lock: %s",
  async (shell) => {
    const script = `${place.tmp}/self.sh`;
    // The documented one, with the lock's path and the shell of this test.
    const documented =
      /^lanes lock status --mine .*$/m.exec(readFileSync(join(root, "docs/lock.md"), "utf8"))?.[0] ?? "";
    const line = documented
      .replaceAll("/run/lock/job.lock", file)
      .replaceAll("lanes lock", `${lanes} lock`)
      .replace(" sh ", ` ${shell} `);
    writeFileSync(script, `${line}\necho "in $1"\n${lanes} lock -n ${file} true 2>/dev/null; echo "again $?"\n`);
    const alone = await place.run(["lock", `${file}.other`, "--", shell, script, "a  b"]);
    expect(alone).toMatchObject({ code: 0, stdout: "in a  b\nagain 2\n" });
    const holder = await holding();
    const refused = await place.shell(`${shell} ${script} x`);
    expect([refused.code, refused.stdout]).toEqual([75, ""]);
    holder.stdin.end();
    await holder.exited;
    expect(existsSync(file)).toBe(false);
  },
);

test("a record that claims a time that is none is shown, not stumbled over", async () => {
  const holder = await holding(["-o"]);
  const record = readFileSync(file, "utf8");
  holder.kill("SIGKILL");
  await holder.exited;
  writeFileSync(file, record.replace(/"since":\d+/, '"since":1e300'));
  const { code, stdout, stderr } = await place.run(["lock", "status", file]);
  expect([code, stderr]).toEqual([1, ""]);
  expect(stdout).toContain("1e+300");
});

test("with few descriptors allowed it runs all the same; one above the limit is said", async () => {
  const { stdout } = await place.shell(`ulimit -n 9; $LANES lock ${file} -- echo in`);
  expect(stdout).toBe("in\n");
  const high = await place.shell(`exec 300>/dev/null; ulimit -n 200; $LANES lock ${file} -- echo in`);
  expect([high.code, high.stderr]).toEqual([126, expect.stringContaining("above the limit. Raise it (ulimit -n)")]);
});

test("status: held 0, free 1, stale 1, foreign 0; and a status does not disturb", async () => {
  expect(await state()).toMatchObject({ v: 1, file, state: "free", owner: null });
  expect((await place.run(["lock", "status", file])).code).toBe(1);
  const holder = await holding(["-o"]);
  await until("the record names the command", async () => (await state()).owner.child === inside());
  expect(await state()).toMatchObject({ state: "held", owner: { pid: holder.pid, child: inside() } });
  const text = await place.run(["lock", "status", file]);
  expect(text.code).toBe(0);
  expect(text.stdout).toContain(String(holder.pid));
  holder.kill("SIGKILL");
  await holder.exited;
  expect(await state()).toMatchObject({ state: "stale", owner: { pid: holder.pid } });
  expect((await place.run(["lock", "status", file])).code).toBe(1);
  writeFileSync(file, "somebody else\n");
  expect(await state()).toMatchObject({ state: "foreign", owner: null });
  expect((await place.run(["lock", "status", file])).code).toBe(0);
});

test("break: stale and foreign ones, held ones only with --force", async () => {
  expect((await place.run(["lock", "break", file])).code).toBe(0);
  writeFileSync(file, "somebody else\n");
  expect((await place.run(["lock", "break", file])).code).toBe(0);
  expect(existsSync(file)).toBe(false);

  const holder = await holding();
  const refused = await place.run(["lock", "break", file]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`held by pid ${holder.pid}`);
  expect(existsSync(file)).toBe(true);
  expect((await place.run(["lock", "break", "--force", file])).code).toBe(0);
  expect(existsSync(file)).toBe(false);
  holder.stdin.end();
  expect(await holder.exited).toBe(0);
  expect(await new Response(holder.stderr).text()).toContain("was removed by somebody");
});

test("kill -9 of lanes: the command keeps the lock until it ends, and status says so", async () => {
  const holder = await holding([], "echo $$ > inside; exec sleep 60");
  const command = inside();
  await until("the record names the command", async () => (await state()).owner.child === command);
  holder.kill("SIGKILL");
  await holder.exited;
  expect(isRunning(command)).toBe(true);
  expect(await state()).toMatchObject({ state: "held", owner: { pid: holder.pid, child: command } });
  expect((await place.run(["lock", "-n", file, "--", "true"])).code).toBe(75);
  const waiter = place.spawn(["lock", "--verbose", file, "--", "true"]);
  signalProcess(command, "SIGKILL");
  expect(await waiter.exited).toBe(0);
  expect(await new Response(waiter.stderr).text()).toContain(`pid ${holder.pid}, which ended without releasing`);
});

test("-o: the command does not keep the lock", async () => {
  const holder = await holding(["-o"], "echo $$ > inside; exec sleep 60");
  holder.kill("SIGKILL");
  await holder.exited;
  expect((await place.run(["lock", "-n", file, "--", "true"])).code).toBe(0);
  signalProcess(inside(), "SIGKILL");
});

test("a daemon the command left behind does not keep the lock", async () => {
  const script = "sleep 60 > /dev/null 2>&1 & echo $! > daemon";
  expect((await place.run(["lock", file, "--", "sh", "-c", script])).code).toBe(0);
  expect((await place.run(["lock", "-n", file, "--", "true"])).code).toBe(0);
  signalProcess(Number(readFileSync(`${place.tmp}/daemon`, "utf8")), "SIGKILL");
});

test("--keep leaves a released file, which the next one takes", async () => {
  expect((await place.run(["lock", "--keep", file, "--", "true"])).code).toBe(0);
  expect(existsSync(file)).toBe(true);
  expect(await state()).toMatchObject({ state: "free", owner: null });
  expect((await place.run(["lock", "-n", file, "--", "true"])).code).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test("the record of a process that is no command names its own command line, not the inside of the executable", async () => {
  const { result } = JSON.parse((await place.run(["demo", "crash", "--json", "--procs", "2"])).stdout);
  expect(realpathSync(result.owner.command[0])).toBe(realpathSync(lanes));
  expect(JSON.stringify(result.owner.command)).not.toContain("bunfs");
});

test("nested use is an error, not a deadlock, also through a shell", async () => {
  for (const inner of [`"$LANES" lock ${file} -- true`, `sh -c '"$LANES" lock -n ${file} -- true'`]) {
    const done = await place.shell(`"$LANES" lock ${file} -- sh -c '${inner.replaceAll("'", "'\\''")}'`);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain("held already by this very command");
  }
  const other = await place.shell(`"$LANES" lock ${file} -- "$LANES" lock ${file}.2 -- echo both`);
  expect([other.code, other.stdout]).toEqual([0, "both\n"]);
});

test("127 not found, 126 not executable, 128+n killed", async () => {
  writeFileSync(`${place.tmp}/plain`, "x");
  writeFileSync(`${place.tmp}/script`, "#!/no/such/interpreter\n");
  writeFileSync(`${place.tmp}/noshebang`, "exit 5\n");
  writeFileSync(`${place.tmp}/windows`, "#!/bin/sh\r\nexit 5\r\n");
  for (const name of ["script", "noshebang", "windows"]) chmodSync(`${place.tmp}/${name}`, 0o755);
  for (const [command, code] of [
    [["nosuchcommand"], 127],
    [["./nosuchcommand"], 127],
    [[""], 127],
    [["./plain"], 126],
    [["./script"], 126],
    [["./windows"], 126],
    [["/"], 126],
    [["./noshebang"], 5],
    [["sh", "-c", "kill -KILL $$"], 137],
    [["sh", "-c", "kill -TERM $$"], 143],
    [["sh", "-c", "exit 255"], 255],
  ] as const) {
    const done = await place.run(["lock", file, "--", ...command]);
    expect([command, done.code]).toEqual([command, code]);
    if (command[0] === "./script") expect(done.stderr).toContain("its first line names /no/such/interpreter");
    if (command[0] === "./windows") expect(done.stderr).toContain("line ends of Windows");
    expect(done.stderr === "").toBe(![126, 127].includes(code));
    expect(existsSync(file)).toBe(false);
  }
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
  ["SIGHUP", 129],
] as const)(
  "%s ends the wait as it ends any program, which to a shell is 128+n, and the line goes on",
  async (signal, code) => {
    const holder = await holding();
    const waiter = place.spawn(["lock", "--verbose", file, "--", "touch", "entered"]);
    await waiter.stderr.getReader().read();
    waiter.kill(signal);
    expect(await waiter.exited).toBe(code);
    expect(waiter.signalCode).toBe(signal);
    holder.stdin.end();
    expect(await holder.exited).toBe(0);
    expect((await place.run(["lock", file, "--", "true"])).code).toBe(0);
    expect(existsSync(`${place.tmp}/entered`)).toBe(false);
  },
);

test("-w ends in time also if whoever started it has the alarm's signal blocked", async () => {
  const holder = await holding();
  const block =
    "import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]); os.execv(sys.argv[1], sys.argv[1:])";
  const done = Bun.spawn(["python3", "-c", block, lanes, "lock", "-w", "0.05", file, "--", "true"], {
    env: place.env,
    stdio: ["ignore", "ignore", "ignore"],
  });
  expect(await done.exited).toBe(75);
  holder.stdin.end();
  await holder.exited;
});

test("what is sent to lanes alone goes to the command, whose exit code counts", async () => {
  const script =
    "for s in TERM INT QUIT; do trap \"echo $s\" $s; done; trap 'echo HUP; exit 9' HUP; echo $$ > inside; while :; do sleep 0.01; done";
  const holder = await holding([], script);
  const reader = holder.stdout.getReader();
  for (const name of ["INT", "QUIT", "TERM", "HUP"] as const) {
    holder.kill(`SIG${name}`);
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(`${name}\n`);
  }
  expect(await holder.exited).toBe(9);
  expect(existsSync(file)).toBe(false);
});

test("a command that TERM kills: 143", async () => {
  const holder = await holding([], "echo $$ > inside; exec sleep 60");
  holder.kill("SIGTERM");
  expect(await holder.exited).toBe(143);
  expect(existsSync(file)).toBe(false);
});

test("what lanes was given the command gets: descriptors, ignored signals, stdin; and nothing of lanes' own", async () => {
  writeFileSync(`${place.tmp}/five`, "five\n");
  const descriptors = `ls /proc/self/fd | tr "\\n" " "`;
  const bare = await place.shell(descriptors);
  const given = await place.shell(`"$LANES" lock ${file} -- sh -c 'cat <&5; ${descriptors}' 5< five`);
  const numbers = given.stdout.split("\n")[1]?.trim().split(" ") ?? [];
  expect(given.stdout).toStartWith("five\n");
  const extra = numbers.filter((number) => !bare.stdout.trim().split(" ").includes(number));
  expect(extra).toEqual(["10", "5"]); // sorted as words: the lock, and what was given
  expect((await place.shell(`"$LANES" lock -o ${file} -- sh -c '${descriptors}'`)).stdout).toBe(bare.stdout);

  const ignored = await place.shell(`trap '' HUP INT; exec "$LANES" lock ${file} -- grep SigIgn /proc/self/status`);
  expect(ignored.stdout).toMatch(/0{15}3\n/);
  const usual = await place.shell(`"$LANES" lock ${file} -- grep SigIgn /proc/self/status`);
  expect(usual.stdout).toMatch(/0{16}\n/);
  expect((await place.shell(`echo in | "$LANES" lock ${file} -- cat`)).stdout).toBe("in\n");
  expect((await place.shell(`"$LANES" lock ${file} -- echo closed <&-`)).stdout).toBe("closed\n");
  expect((await place.shell(`"$LANES" lock ${file} -- sh -c 'exit 3' <&- >&- 2>&-`)).code).toBe(3);
});

test("process substitution works: high descriptors keep their numbers", async () => {
  const done = await place.shell(`"$LANES" lock ${file} -- cat <(echo a) <(echo b)`);
  expect([done.code, done.stdout]).toEqual([0, "a\nb\n"]);
});

test("the command is in the foreground of the terminal, and Ctrl-C is its own", async () => {
  let text = "";
  const script =
    "trap 'echo got INT; exit 4' INT; test -t 0 && ps -o stat= -p $$; echo ready; while :; do sleep 0.01; done";
  const child = Bun.spawn([lanes, "lock", file, "--", "sh", "-c", script], {
    env: place.env,
    cwd: place.tmp,
    terminal: {
      cols: 80,
      rows: 24,
      data: (_terminal, data) => {
        text += Buffer.from(data).toString();
      },
    },
  });
  await until("it is ready", () => text.includes("ready"));
  expect(text).toMatch(/\+/); // ps: in the foreground process group
  child.terminal?.write("\x03");
  expect(await child.exited).toBe(4);
  expect(text).toContain("got INT");
  child.terminal?.close();
});

test("a relative FILE stays the same whatever the command does", async () => {
  mkdirSync(`${place.tmp}/sub`);
  const done = await place.shell(`"$LANES" lock b.lock -- sh -c 'cd sub; test -e ../b.lock' && test ! -e b.lock`);
  expect(done.code).toBe(0);
});

test("the file removed or replaced while held is said, and the exit code stays the command's", async () => {
  for (const [harm, said] of [
    [`rm ${file}`, "was removed"],
    [`mv ${file} ${file}.x; echo mine > ${file}`, "was replaced"],
  ] as const) {
    const done = await place.run(["lock", file, "--", "sh", "-c", `${harm}; exit 6`]);
    expect(done.code).toBe(6);
    expect(done.stderr).toContain(said);
  }
  expect(readFileSync(file, "utf8")).toBe("mine\n");
});

test("usage errors: one line, exit code 2, nothing started", async () => {
  symlinkSync("nowhere", `${place.tmp}/link`);
  await place.shell("mkfifo fifo");
  for (const args of [
    [],
    [file],
    [file, "--"],
    ["-w", "abc", file, "--", "touch", "entered"],
    ["-w", "-1", file, "--", "touch", "entered"],
    ["-w", "", file, "--", "touch", "entered"],
    ["-w", "1e3", file, "--", "touch", "entered"],
    ["-E", "256", file, "--", "touch", "entered"],
    ["--bad", file, "--", "touch", "entered"],
    [file, "--bad", "touch", "entered"],
    [file, "-c", "touch entered", "more"],
    [place.tmp, "--", "touch", "entered"],
    [`${place.tmp}/none/a.lock`, "--", "touch", "entered"],
    [`${place.tmp}/link`, "--", "touch", "entered"],
    [`${place.tmp}/fifo`, "--", "touch", "entered"],
    ["/dev/null", "--", "touch", "entered"],
    ["/proc/a.lock", "--", "touch", "entered"],
    [`${place.tmp}/${"x".repeat(256)}`, "--", "touch", "entered"],
    ["status"],
    ["status", place.tmp],
    ["break", `${place.tmp}/link`],
  ]) {
    const done = await place.run(["lock", ...args]);
    expect([args, done.code]).toEqual([args, 2]);
    expect(done.stderr).toMatch(/^lanes: .*\n$/);
    expect(done.stdout).toBe("");
  }
  expect(existsSync(`${place.tmp}/entered`)).toBe(false);
  const longest = `${place.tmp}/${"x".repeat(255)}`;
  expect((await place.run(["lock", longest, "--", "true"])).code).toBe(0);
});

test("help in both languages", async () => {
  for (const args of [["--help"], ["-h"], [file, "--help"], ["status", "--help"], ["break", "-h"]]) {
    const done = await place.run(["lock", ...args]);
    expect([args, done.code, done.stderr]).toEqual([args, 0, ""]);
    expect(done.stdout).toStartWith("Usage: lanes lock");
  }
  expect((await place.run(["lock", "--help"], { LANES_LANG: "zh" })).stdout).toMatch(/锁文件/);
  expect((await place.run(["lock", place.tmp, "true"], { LANES_LANG: "zh" })).stderr).toMatch(/目录/);
});
