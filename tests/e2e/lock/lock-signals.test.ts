/** `lanes lock`: its command gets every signal, and each of them once, whether it was sent to the group or to lanes alone. */

import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { isStopped, signalProcess, wordsOf } from "../../support/processes/processes.ts";
import { Keys, Pty } from "../../support/pty.ts";
import { root } from "../../support/root.ts";
import { until } from "../../support/wait.ts";

const play = new Playground();
afterAll(() => play.clean());

const counter = [process.execPath, join(root, "tests/fixtures", "signal-counter.ts")];
let made = 0;

/** A sender that goes from one process to the next is taken for one that means the group if it takes no longer than this, ms. */
const AT_ONCE_MS = 40;

/** lanes with a command that counts its signals, in a session of its own as a supervisor would start it. */
class Counted implements AsyncDisposable {
  readonly file = join(play.tmp, `signals-${++made}`);
  readonly child: Bun.Subprocess;

  constructor(options: readonly string[] = []) {
    const words = [lanes, "lock", ...options, `${this.file}.lock`, "--", ...counter, this.file];
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
      .map(([pid]) => Number(pid))
      .toSorted((a, b) => Number(b === this.child.pid) - Number(a === this.child.pid));
  }

  /** The command listens, and who else is to be in the group is there. */
  async listens(): Promise<void> {
    await until("the command to listen", () => this.words().includes("ready"));
    await until("the witness", () => this.group().length >= 3);
  }

  /** The signals it has got, once there are that many. */
  async got(count: number): Promise<string[]> {
    await until(`signal ${count} to come`, () => this.words().length > count);
    await Bun.sleep(300); // a signal too many would come within that time
    return this.words().slice(1);
  }

  async end(): Promise<number | null> {
    writeFileSync(`${this.file}.end`, "");
    await this.child.exited;
    rmSync(`${this.file}.end`);
    return this.child.exitCode;
  }

  /** The test has failed if anything is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.group().length > 0) process.kill(-this.child.pid, "SIGKILL");
    await this.child.exited;
  }
}

const names = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

describe.each([[[]], [["--slots", "2"]]])("with %p", (options) => {
  test("sent to lanes alone, each reaches the command once", async () => {
    await using counted = new Counted(options);
    await counted.listens();
    for (const [at, name] of names.entries()) {
      signalProcess(counted.child.pid, name);
      await until(`${name} to come`, () => counted.words().length === at + 2);
    }
    expect(await counted.got(names.length)).toEqual([...names]);
    expect(await counted.end()).toBe(7);
  });

  test("sent to the whole group, each reaches the command once", async () => {
    await using counted = new Counted(options);
    await counted.listens();
    for (const [at, name] of names.entries()) {
      process.kill(-counted.child.pid, name);
      expect(await counted.got(at + 1)).toEqual(names.slice(0, at + 1));
    }
    expect(await counted.end()).toBe(7);
  });
});

test("of several at once, as systemd sends them, each comes once", async () => {
  await using counted = new Counted();
  await counted.listens();
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.kill(-counted.child.pid, name);
  expect((await counted.got(2)).toSorted()).toEqual(["SIGHUP", "SIGTERM"]);
  expect(await counted.end()).toBe(7);
});

/** Ways to send a signal to all of a group, lanes first in it, that are not one call of kill(2). */
const inTurn: Record<string, (group: number[]) => void> = {
  "one after the other, lanes first": (group) => {
    for (const pid of group) signalProcess(pid, "SIGTERM");
  },
  "one after the other, lanes last": (group) => {
    for (const pid of group.toReversed()) signalProcess(pid, "SIGTERM");
  },
  "as timeout(1) does: its child, and then its group": ([child = 0]) => {
    signalProcess(child, "SIGTERM");
    process.kill(-child, "SIGTERM");
  },
};

test.each(Object.entries(inTurn))("sent to every process %s", async (_, send) => {
  // From inside, a sender who lets time pass between two of them looks like one who means lanes alone, and one who means the
  // command alone. A busy machine may make anybody such a sender: then he tries again.
  for (let tries = 0, took = Number.POSITIVE_INFINITY; took > AT_ONCE_MS && tries < 10; tries++) {
    await using counted = new Counted();
    await counted.listens();
    const group = counted.group();
    const begin = performance.now();
    send(group);
    took = performance.now() - begin;
    const got = await counted.got(1);
    if (took > AT_ONCE_MS) continue;
    expect(got).toEqual(["SIGTERM"]);
    // And lanes still tells the two apart, as soon as this one cannot be the same as the last.
    await until("the next witness", () => counted.group().length >= 3);
    await until("one for lanes alone to come", () => {
      signalProcess(counted.child.pid, "SIGTERM");
      return counted.words().length > 2;
    });
    expect(await counted.end()).toBe(7);
  }
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

describe("a command that does not care", () => {
  /** lanes, with its command and its witness. */
  async function careless(place: Playground): Promise<Bun.Subprocess> {
    const child = Bun.spawn([lanes, "lock", join(place.tmp, "care.lock"), "sleep", "60"], {
      env: place.env,
      stdio: ["ignore", "ignore", "ignore"],
      detached: true,
    });
    await until("the witness", () => place.running().length >= 3);
    return child;
  }

  test("INT to lanes alone ends it, and nothing is left", async () => {
    await using place = new Playground();
    const child = await careless(place);
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    await until("nothing to be left", () => place.running().length === 0);
  });

  test("killed, lanes leaves it alone, and the witness ends", async () => {
    await using place = new Playground();
    const child = await careless(place);
    child.kill("SIGKILL");
    await child.exited;
    await until("the command alone to be left", () => place.running().length === 1);
  });
});

test.each([[[]], [["--slots", "1"]]])("USR1 and USR2 do not end a wait, %p", async (options) => {
  await using place = new Playground();
  const file = join(place.tmp, "wait.lock");
  const holder = place.spawn(["lock", ...options, file, "sleep", "60"]);
  await until("it to be held", () => place.running().some((pid) => wordsOf(pid)[0] === "sleep"));
  const waiter = place.spawn(["lock", ...options, "--verbose", file, "echo", "got"]);
  const reader = waiter.stderr.getReader();
  await reader.read(); // it waits
  reader.releaseLock();
  for (const signal of ["SIGUSR1", "SIGUSR2", "SIGUSR1"] as const) {
    waiter.kill(signal);
    await Bun.sleep(50);
  }
  expect(waiter.signalCode).toBeNull();
  holder.kill("SIGTERM");
  expect(await waiter.exited).toBe(0);
  expect(await holder.exited).toBe(143);
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
    const witness = () => pty.place.running().find((pid) => wordsOf(pid).at(-1)?.endsWith("read -r _"));
    await until("the witness", witness);
    const first = witness();
    pty.type(Keys.ctrlC);
    await until("the signal", () => words().length >= 2);
    await Bun.sleep(300);
    expect(words()).toEqual(["ready", "SIGINT"]);
    await until("the next witness", () => witness() !== undefined && witness() !== first);
    pty.type(Keys.ctrlZ);
    await pty.shows("Stopped");
    pty.type(`fg; echo "code $?"${Keys.enter}`);
    await until("all to go on", () => pty.place.running().every((pid) => !isStopped(pid)));
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
