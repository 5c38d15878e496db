/** `lanes lock`: its command gets every signal, and each of them once, whether it was sent to the group or to lanes alone. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../support/lanes.ts";
import { signalProcess } from "../support/processes.ts";
import { until } from "../support/wait.ts";
import { Keys, Pty } from "./pty.ts";

const play = new Playground();
afterAll(async () => {
  for (const counted of started) if (counted.child.exitCode === null) await counted.end(); // its test has failed
  await play.clean();
});

const counter = [process.execPath, join(import.meta.dir, "..", "fixtures", "signal-counter.ts")];
const started: Counted[] = [];

/** lanes with a command that counts its signals, in a session of its own as a supervisor would start it. */
class Counted {
  readonly file = join(play.tmp, `signals-${started.push(this)}`);
  readonly child: Bun.Subprocess;

  constructor(before: readonly string[] = [], options: readonly string[] = []) {
    const words = [...before, lanes, "lock", ...options, `${this.file}.lock`, "--", ...counter, this.file];
    this.child = Bun.spawn(words, {
      env: play.env,
      cwd: play.tmp,
      stdio: ["ignore", "ignore", "ignore"],
      detached: true,
    });
  }

  words(): string[] {
    return existsSync(this.file) ? readFileSync(this.file, "utf8").split("\n").filter(Boolean) : [];
  }

  /** Everything in the group of lanes, itself first, the newest last. */
  group(): number[] {
    const found = Bun.spawnSync(["ps", "-eo", "pid=,pgid=,stat="]).stdout.toString().trim().split("\n");
    return found
      .map((line) => line.trim().split(/\s+/))
      .filter(([, group, stat]) => Number(group) === this.child.pid && !stat?.startsWith("Z"))
      .map(([pid]) => Number(pid));
  }

  /** The command listens, and who else is to be in the group is there. */
  async listens(): Promise<void> {
    await until("the command to listen", () => this.words().includes("ready"));
    await until("the witness", () => this.group().length >= 3);
  }

  /** The signals it has got, once a last one that was sent to it directly has come. */
  async got(): Promise<string[]> {
    await Bun.sleep(300); // a signal too many would come within that time
    return this.words().slice(1);
  }

  async end(): Promise<number | null> {
    writeFileSync(`${this.file}.end`, "");
    await this.child.exited;
    rmSync(`${this.file}.end`);
    return this.child.exitCode;
  }
}

const names = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

describe.each([[[]], [["--slots", "2"]]])("with %p", (options) => {
  test("sent to lanes alone, each reaches the command once", async () => {
    const counted = new Counted([], options);
    await counted.listens();
    for (const [at, name] of names.entries()) {
      signalProcess(counted.child.pid, name);
      await until(`${name} to come`, () => counted.words().length === at + 2);
    }
    expect(await counted.got()).toEqual([...names]);
    expect(await counted.end()).toBe(7);
  });

  test("sent to the whole group, each reaches the command once", async () => {
    const counted = new Counted([], options);
    await counted.listens();
    for (const [at, name] of names.entries()) {
      process.kill(-counted.child.pid, name);
      await until(`${name} to come`, () => counted.words().length >= at + 2);
      await counted.got();
    }
    expect(await counted.got()).toEqual([...names]);
    expect(await counted.end()).toBe(7);
  });
});

test("of several at once, as systemd sends them, each comes once", async () => {
  const counted = new Counted();
  await counted.listens();
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.kill(-counted.child.pid, name);
  expect((await counted.got()).toSorted()).toEqual(["SIGHUP", "SIGTERM"]);
  expect(await counted.end()).toBe(7);
});

test.each(["first", "last"])("sent to every process one after the other, lanes %s", async (place) => {
  const counted = new Counted();
  await counted.listens();
  const group = counted.group();
  for (const pid of place === "first" ? group : group.toReversed()) signalProcess(pid, "SIGTERM");
  expect(await counted.got()).toEqual(["SIGTERM"]);
  // And lanes still tells the two apart.
  await until("the next witness", () => counted.group().length >= 3);
  signalProcess(counted.child.pid, "SIGTERM");
  expect(await counted.got()).toEqual(["SIGTERM", "SIGTERM"]);
  expect(await counted.end()).toBe(7);
});

test("timeout(1) signals its child and then its group: once", async () => {
  const counted = new Counted(["timeout", "3"]);
  await until("the command to listen", () => counted.words().includes("ready"));
  await until("the signal", () => counted.words().length > 1);
  expect(await counted.got()).toEqual(["SIGTERM"]);
  await counted.end();
});

test("a command in a group of its own gets what was sent to lanes' group", async () => {
  const file = join(play.tmp, "apart");
  const child = Bun.spawn([lanes, "lock", `${file}.lock`, "setsid", ...counter, file], {
    env: play.env,
    detached: true,
    stdio: ["ignore", "ignore", "ignore"],
  });
  await until("the command to listen", () => existsSync(file));
  const words = () => readFileSync(file, "utf8").split("\n").filter(Boolean);
  for (const [at, target] of [child.pid, -child.pid].entries()) {
    process.kill(target, "SIGTERM");
    await until("the signal", () => words().length >= at + 2);
    await Bun.sleep(200);
    expect(words().length).toBe(at + 2);
  }
  writeFileSync(`${file}.end`, "");
  expect(await child.exited).toBe(7);
});

test("INT to lanes alone ends a command that does not care, and nothing is left", async () => {
  const child = Bun.spawn([lanes, "lock", join(play.tmp, "care.lock"), "sleep", "60"], {
    env: play.env,
    stdio: ["ignore", "ignore", "ignore"],
    detached: true,
  });
  await until("the command", () => play.running().length >= 3);
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  await until("nothing to be left", () => play.running().length === 0);
});

test("killed, lanes leaves the command alone, and the witness ends", async () => {
  const child = Bun.spawn([lanes, "lock", join(play.tmp, "kill.lock"), "sleep", "60"], {
    env: play.env,
    stdio: ["ignore", "ignore", "ignore"],
    detached: true,
  });
  await until("the witness", () => play.running().length >= 3);
  child.kill("SIGKILL");
  await child.exited;
  await until("the command alone to be left", () => play.running().length === 1);
  play.killRunning();
});

test("USR1 and USR2 do not end a wait", async () => {
  const file = join(play.tmp, "wait.lock");
  const holder = Bun.spawn([lanes, "lock", file, "sleep", "60"], {
    env: play.env,
    stdio: ["ignore", "ignore", "ignore"],
  });
  await until("it to be held", () => existsSync(file));
  for (const options of [[], ["--slots", "1"]]) {
    const name = options.length > 0 ? `${file}.slots` : file;
    const other =
      options.length > 0
        ? Bun.spawn([lanes, "lock", "--slots", "1", name, "sleep", "60"], {
            env: play.env,
            stdio: ["ignore", "ignore", "ignore"],
          })
        : holder;
    if (other !== holder) await until("it to be held", () => existsSync(`${name}.1`) || existsSync(name));
    await Bun.sleep(100);
    const waiter = play.spawn(["lock", ...options, "--verbose", name, "echo", "got"]);
    const reader = waiter.stderr.getReader();
    await reader.read(); // it waits
    reader.releaseLock();
    for (const signal of ["SIGUSR1", "SIGUSR2", "SIGUSR1"] as const) {
      waiter.kill(signal);
      await Bun.sleep(50);
    }
    expect(waiter.signalCode).toBeNull();
    other.kill("SIGTERM");
    expect(await waiter.exited).toBe(0);
    await other.exited;
  }
});

test("a command killed by a real-time signal: 128+n", async () => {
  for (const signal of [34, 40, 64]) {
    const { code } = await play.run(["lock", join(play.tmp, "rt.lock"), "--", "sh", "-c", `kill -${signal} $$`]);
    expect(code).toBe(128 + signal);
  }
});

describe("at a terminal", () => {
  test("Ctrl-C reaches the command once, Ctrl-Z and fg work", async () => {
    const pty = new Pty([], { command: ["bash", "--norc", "-i"], env: { PS1: "$ " } });
    const file = join(pty.place.tmp, "tty-signals");
    const words = () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : []);
    await pty.shows("$");
    pty.type(`$LANES lock ${file}.lock ${counter.join(" ")} ${file}${Keys.enter}`);
    await until("the command to listen", () => words().includes("ready"));
    await Bun.sleep(200); // the witness is there
    pty.type(Keys.ctrlC);
    await until("the signal", () => words().length >= 2);
    await Bun.sleep(300);
    expect(words()).toEqual(["ready", "SIGINT"]);
    pty.type(Keys.ctrlZ);
    await pty.shows("Stopped");
    pty.type(`fg; echo "code $?"${Keys.enter}`);
    await Bun.sleep(200);
    pty.type(Keys.ctrlC);
    await until("the signal", () => words().length >= 3);
    await Bun.sleep(300);
    expect(words()).toEqual(["ready", "SIGINT", "SIGINT"]);
    writeFileSync(`${file}.end`, "");
    await pty.shows(/code 7/);
    pty.type(`exit${Keys.enter}`);
    await pty.exitCode();
    rmSync(`${file}.end`);
    await pty.close();
  });
});
