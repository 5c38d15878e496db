/** What lanes was given by whoever started it: ignored signals, descriptors, the place of process 1. For every command. */
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../support/lanes.ts";
import { signalProcess, wordsOf } from "../support/processes/processes.ts";
import { Keys, Pty } from "../support/pty.ts";
import { until } from "../support/wait.ts";

const play = new Playground();
afterAll(() => play.clean());

const module = join(play.tmp, "slow.ts");
writeFileSync(module, "export default async (x: string) => { await Bun.sleep(400); return x; };\n");
const linux = process.platform === "linux";
const text = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");
const at = (name: string) => join(play.tmp, name);

/** Whether a process has a handler for a signal, or ignores it. */
function has(set: "SigCgt" | "SigIgn", pid: number, signal: number): boolean {
  const mask = new RegExp(`^${set}:\\s+([0-9a-f]+)`, "m").exec(text(`/proc/${pid}/status`))?.[1] ?? "0";
  return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}
const caught = (pid: number, signal: number) => has("SigCgt", pid, signal);
/** Whether lanes is there and ignores SIGHUP: until then the hang-up may end the shell that is about to become nohup. */
const isSheltered = (pid: number) => text(`/proc/${pid}/cmdline`).startsWith(`${lanes}\0`) && has("SigIgn", pid, 1);

/** Commands that take a while, and what they leave when they were done. */
const commands = {
  run: ["run -j1 --shell 'sleep 0.4; echo done {}' ::: 1 2 3", /done 1\ndone 2\ndone 3\n/],
  "run --line-buffer": [
    "run -j1 --line-buffer --shell 'sleep 0.4; echo done {}' ::: 1 2 3",
    /done 1\ndone 2\ndone 3\n/,
  ],
  map: [`map -j2 ${module} 1 2 3`, /"1"\n"2"\n"3"\n/],
  lock: ["lock held.lock -- sh -c 'sleep 0.6; echo done'", /done\n/],
  "lock --slots": ["lock --slots 2 slots.lock -- sh -c 'sleep 0.6; echo done'", /done\n/],
  // Whether it was as fast as it says is the machine's; that it came to its end is asked here.
  demo: ["demo concurrency --json", /"demo":"concurrency".*"ok":/],
} as const;

/** The same, going on until it is ended: however late this machine gets to send a signal, it is there. */
const endless = (words: string) =>
  words
    .replace("sleep 0.6; echo done", "exec sleep 60")
    .replace("sleep 0.4", "sleep 60")
    .replace(/ 1 2 3$/, " $(seq 300)");

describe.each(Object.entries(commands))("%s", (name, [words, done]) => {
  const file = at(`out of ${name}`);
  afterEach(() => until("nothing to be left", () => play.running().length === 0));

  test.skipIf(!linux)("nohup, and the terminal is closed: it is done to the end", async () => {
    const pty = new Pty([], { command: ["bash", "--norc", "-i"], env: { ...play.env, PS1: "$ " } });
    await pty.shows("$");
    pty.type(`cd ${play.tmp}${Keys.enter}`);
    pty.type(`nohup $LANES ${words} > '${file}' 2> '${file}.err'; echo $? > '${file}.code' &${Keys.enter}`);
    // The list runs in a shell of its own, which the hang-up ends: what lanes wrote is what counts.
    await until("lanes to run, sheltered", () => play.running().some(isSheltered));
    pty.hangUp();
    await until("it to be done", () => done.test(text(file)));
    await until("it to end", () => play.running().length === 0);
    expect(text(`${file}.err`)).not.toContain("SIGHUP");
    await pty.close();
  });

  test.skipIf(!linux)(
    "INT and QUIT to the group of a script that started it in the background: it goes on",
    async () => {
      const line = `$LANES ${words} > '${file}.2' & wait $!; echo "code $?"`;
      const script = Bun.spawn(["sh", "-c", `trap '' USR1; ${line}`], {
        env: { ...play.env, LANES: lanes },
        cwd: play.tmp,
        detached: true,
        stdio: ["ignore", "pipe", "ignore"],
      });
      await until("it to run", () => play.running().length >= 3);
      await Bun.sleep(150);
      // The shell itself ends of it, what it started must not.
      for (const signal of ["SIGINT", "SIGQUIT"] as const) {
        try {
          process.kill(-script.pid, signal);
        } catch {
          // nobody is left in the group, which the next line will notice
        }
      }
      await until("it to be done", () => done.test(text(`${file}.2`)));
      await until("it to end", () => play.running().length === 0);
    },
  );

  test.skipIf(!linux)("SIGCHLD ignored by whoever started it: exit codes are what they are", async () => {
    const { code, stdout, stderr } = await play.shell(`env --ignore-signal=CHLD $LANES ${words}`);
    expect(stderr).not.toContain("ECHILD");
    expect(stdout).toMatch(done);
    expect(code).toBe(0);
  });

  test.skipIf(!linux)("USR1 and USR2 do not end it", async () => {
    // To the command of `lock` they are passed on: it ends of them, and lanes says so.
    const ends = name.startsWith("lock");
    const child = Bun.spawn(["bash", "-c", `exec $LANES ${ends ? endless(words) : words}`], {
      env: { ...play.env, LANES: lanes },
      cwd: play.tmp,
      stdio: ["ignore", "pipe", "ignore"],
    });
    await until("it to listen", () => caught(child.pid, 15) || (ends && caught(child.pid, 3)));
    const isCommand = (pid: number) => wordsOf(pid).join(" ") === "sleep 60";
    if (ends) await until("its command to run", () => play.running().some(isCommand));
    await Bun.sleep(100);
    child.kill("SIGUSR1");
    // In the first moment of the command it is for nobody (passing-on.ts), and this machine may be slow to let that moment pass.
    while (ends && !(await Promise.race([child.exited.then(() => true), Bun.sleep(5_000)]))) child.kill("SIGUSR1");
    await child.exited;
    expect(child.signalCode).toBeNull();
    expect(child.exitCode).toBe(ends ? 138 : 0);
  });

  test.skipIf(!linux)("QUIT stops it: 131", async () => {
    const child = Bun.spawn(["bash", "-c", `ulimit -c 0; exec $LANES ${endless(words)}`], {
      env: { ...play.env, LANES: lanes },
      cwd: play.tmp,
      stdio: ["ignore", "ignore", "ignore"],
    });
    await until("it to listen", () => caught(child.pid, 3));
    child.kill("SIGQUIT");
    await child.exited;
    expect(child.signalCode).toBeNull();
    expect(child.exitCode).toBe(131);
    await until("nothing to be left", () => play.running().length === 0);
  });
});

describe.skipIf(!linux)("ignored signals", () => {
  const masks = "grep -h SigIgn /proc/self/status";
  const hup = /0{15}1$/m;

  test("what it starts ignores them too, and no others", async () => {
    const { stdout } = await play.shell(
      `trap '' HUP; $LANES run ${masks} ::: /dev/null; $LANES run --shell '${masks}; : {}' ::: 1; $LANES lock m.lock ${masks}`,
    );
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.slice(-16)),
    ).toEqual(Array(3).fill("0000000000000001"));
    expect((await play.shell(`env --ignore-signal=CHLD $LANES run ${masks} ::: /dev/null`)).stdout).toMatch(
      / 0{16}$|\t0{16}$/m,
    );
    expect(stdout).toMatch(hup);
  });

  test("functions that bash has exported are still there", async () => {
    const { stdout } = await play.shell(
      "trap '' HUP; f() { echo \"f: $1\"; }; export -f f; $LANES run bash -c 'f \"$1\"' _ {} ::: 1; $LANES lock f.lock bash -c 'f 2'",
    );
    expect(stdout).toBe("f: 1\nf: 2\n");
  });

  test("a command that is not there is said to be not found", async () => {
    const { code, stderr } = await play.shell(
      "trap '' HUP; $LANES lock n.lock nothere; echo $?; $LANES run nothere ::: 1",
    );
    expect(code).toBe(1);
    expect(stderr).toContain("nothere");
    expect(stderr).not.toContain("/bin/sh");
  });
});

describe("descriptors", () => {
  test("process substitution, and files that a script has open, reach what it runs", async () => {
    const { stdout } = await play.shell("$LANES run -k wc -l ::: <(seq 3) <(seq 5)");
    expect(stdout.replace(/ .*/g, "")).toBe("3\n5\n");
    const log = at("log");
    await play.shell(
      `exec 7>${log}; $LANES run --shell 'echo run {} >&7' ::: 1; $LANES lock d.lock sh -c 'echo lock >&7'; $LANES run --joblog j --results r -j2 --shell 'echo again {} >&7' ::: 1`,
    );
    expect(text(log)).toBe("run 1\nlock\nagain 1\n");
  });

  test("map's workers read what they are named", async () => {
    writeFileSync(
      at("read.ts"),
      'import { readFileSync } from "node:fs";\nexport default (f: string) => readFileSync(f, "utf8");\n',
    );
    const { stdout } = await play.shell(`$LANES map ${at("read.ts")} <(echo a) <(echo b)`);
    expect(stdout).toBe('"a\\n"\n"b\\n"\n');
    const taken = await play.shell(`exec 3<<<three 5<<<five; $LANES map ${at("read.ts")} /dev/fd/3 /dev/fd/5`);
    expect(taken.stdout).toBe('"three\\n"\n"five\\n"\n');
  });

  test.skipIf(!linux)("nothing of lanes' own is among them", async () => {
    const none = "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- 10>&- 251>&-";
    const list = "ls /proc/self/fd; : {}";
    const { stdout } = await play.shell(
      `${none}; for o in '' --joblog=j2 --results=r2 --tty '--line-buffer --jsonl'; do $LANES run $o --shell '${list}' ::: 1 < /dev/null; done`,
    );
    expect(stdout).toBe("0\n1\n2\n3\n".repeat(5)); // 3 is the one that ls has the folder open with
  });

  test("make's job server", async () => {
    writeFileSync(at("Makefile"), "all:\n\t+@$(LANES) run make -s -C . sub ::: X=1 X=2\nsub:\n\t@echo $(X)\n");
    if (Bun.which("make") === null) return;
    const { stderr } = await play.shell("make -s -j4");
    expect(stderr).not.toContain("jobserver unavailable");
  });
});

const unshare =
  [
    ["unshare", "-pf", "--mount-proc"],
    ["unshare", "-Urpf", "--mount-proc"],
  ].find((words) => linux && Bun.which("unshare") !== null && Bun.spawnSync([...words, "true"]).exitCode === 0) ?? null;

describe.skipIf(unshare === null)("as process 1", () => {
  const orphans = "for i in 1 2 3 4 5; do (sleep 0.1 & ) ; done; sleep 0.7; ps -eo stat= | grep -c ^Z; true";
  const init = (unshare ?? []).join(" ");

  test("run, lock and map collect whoever is left without a parent, and exit codes stay right", async () => {
    const run = await play.shell(`${init} $LANES run -q -j1 --shell '${orphans} {}; exit {}' ::: 0 3 0`);
    expect(run.stdout).toBe("0\n0\n0\n");
    expect(run.code).toBe(1);
    const locked = await play.shell(`${init} $LANES lock i.lock -- sh -c '${orphans}; exit 7'`);
    expect(locked).toMatchObject({ stdout: "0\n", code: 7 });
    const map = at("orphans.ts");
    writeFileSync(
      map,
      `export default () => Number(Bun.spawnSync(["sh", "-c", ${JSON.stringify(orphans)}]).stdout.toString());\n`,
    );
    expect((await play.shell(`${init} $LANES map -q -j1 ${map} 1 2`)).stdout).toBe("0\n0\n");
  });

  test("many short jobs: no exit code is lost to the one who collects", async () => {
    const { stderr, code } = await play.shell(
      `${init} $LANES run -j4 --shell '(true &); exit {}' ::: $(yes 0 | head -300)`,
    );
    expect(stderr).not.toContain("failed");
    expect(code).toBe(0);
  });

  test.each([
    ["SIGTERM", 143, []],
    ["SIGINT", 130, []],
    ["SIGHUP", 129, []],
    ["SIGTERM", 143, ["--slots", "1"]],
    ["SIGINT", 130, ["--slots", "1"]],
  ] as const)("%s ends a wait for the lock with %p, %p", async (signal, code, options) => {
    const file = at(`init ${signal} ${options.length}.lock`);
    const holder = Bun.spawn([lanes, "lock", ...options, file, "sleep", "60"], {
      env: play.env,
      stdio: ["ignore", "ignore", "ignore"],
    });
    await until("it to be held", () => play.running().length >= 2);
    await Bun.sleep(200);
    const waiter = Bun.spawn([...(unshare ?? []), lanes, "lock", "--verbose", ...options, file, "echo", "got"], {
      env: play.env,
      cwd: play.tmp,
      stdio: ["ignore", "pipe", "pipe"],
    });
    await waiter.stderr.getReader().read(); // it waits
    await Bun.sleep(100);
    const inside = readFileSync(`/proc/${waiter.pid}/task/${waiter.pid}/children`, "utf8").trim();
    signalProcess(Number(inside), signal);
    expect(await waiter.exited).toBe(code);
    holder.kill("SIGTERM");
    await holder.exited;
  });

  test.each([
    ["SIGTERM", 143, ""],
    ["SIGINT", 130, ""],
    ["SIGTERM", 7, 'process.on("SIGTERM", () => process.exit(7));'],
  ] as const)("%s ends a program of the user's with %p", async (signal, code, handler) => {
    const program = at("init.ts");
    writeFileSync(program, `${handler} console.log("ready"); await Bun.sleep(60_000);\n`);
    const child = Bun.spawn([...(unshare ?? []), lanes, "exec", program], {
      env: play.env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    await child.stdout.getReader().read();
    signalProcess(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim()), signal);
    expect(await child.exited).toBe(code);
  });

  test("Ctrl-Z does not leave the jobs standing", async () => {
    const child = Bun.spawn([...(unshare ?? []), lanes, "run", "--shell", "sleep 0.6; echo {}", ":::", "1"], {
      env: play.env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    await until("the job", () => play.running().length >= 4);
    const inside = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
    signalProcess(Number(inside), "SIGTSTP");
    expect(await child.exited).toBe(0);
  });
});
