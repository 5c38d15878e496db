/** `lanes lock` between users, in folders they share; on files somebody made for it, and on files that are no lock's. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { lanes, Playground } from "../../support/lanes.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const isRoot = process.getuid?.() === 0;
const canSwitch = isRoot && Bun.spawnSync(["setpriv", "--reuid=65534", "--clear-groups", "true"]).exitCode === 0;

/** Two users, with a group they share. */
const [a, b] = [64_001, 64_002];
const shared = 64_000;

describe.skipIf(!canSwitch)("two users in one folder", () => {
  beforeEach(() => {
    // Somewhere they can execute it.
    copyFileSync(lanes, `${place.tmp}/lanes`);
    chmodSync(`${place.tmp}/lanes`, 0o755);
    chmodSync(place.tmp, 0o755);
  });

  const as = (user: number, line: string) => {
    const options = ["--reuid", user, "--regid", user, "--groups", shared].map(String);
    return Bun.spawn(["setpriv", ...options, "sh", "-c", line], {
      env: { ...place.env, LANES: `${place.tmp}/lanes` },
      cwd: place.tmp,
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const run = async (user: number, line: string) => {
    const child = as(user, line);
    const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    return { code: await child.exited, stdout, stderr };
  };
  /** A holds the lock g/a.lock until the folder has a file `go`. */
  async function holding(umask: string) {
    const wait = "until [ -e g/go ]; do sleep 0.02; done";
    const holder = as(a, `umask ${umask}; exec "$LANES" lock g/a.lock -- sh -c 'touch g/in; ${wait}'`);
    await until("a is in", () => existsSync(`${place.tmp}/g/in`));
    return holder;
  }

  test("a group's folder, umask 002: the file is the group's, who comes second waits and gets it", async () => {
    await place.shell(`mkdir g && chgrp ${shared} g && chmod 2775 g`);
    const holder = await holding("002");
    const { mode, gid } = statSync(`${place.tmp}/g/a.lock`);
    expect([(mode & 0o777).toString(8), gid]).toEqual(["664", shared]);
    expect((await run(b, `"$LANES" lock -n g/a.lock -- true`)).code).toBe(75);
    const waiter = as(b, `umask 002; "$LANES" lock --verbose g/a.lock -- echo b`);
    await waiter.stderr.getReader().read();
    writeFileSync(`${place.tmp}/g/go`, "");
    expect(await holder.exited).toBe(0);
    expect([await waiter.exited, await new Response(waiter.stdout).text()]).toEqual([0, "b\n"]);
    expect(existsSync(`${place.tmp}/g/a.lock`)).toBe(false);
  });

  test("a sticky folder, umask 022: held is waited for, refused with 75 or -E, and shown, though it may not be written", async () => {
    await place.shell("mkdir g && chmod 1777 g");
    const holder = await holding("022");
    for (const [options, code] of [
      ["-n", 75],
      ["-w 0.1", 75],
      ["-n -E 0", 0],
    ] as const) {
      const done = await run(b, `"$LANES" lock ${options} g/a.lock -- echo in`);
      expect([options, done.code, done.stdout]).toEqual([options, code, ""]);
      expect(done.stderr).toMatch(/^lanes: .* is held by pid .*\n$/);
    }
    expect((await run(b, `"$LANES" lock status g/a.lock`)).code).toBe(0);
    expect((await run(b, `"$LANES" lock break g/a.lock`)).code).toBe(1);
    const waiter = as(b, `"$LANES" lock --verbose g/a.lock -- echo b`);
    await waiter.stderr.getReader().read();
    writeFileSync(`${place.tmp}/g/go`, "");
    expect(await holder.exited).toBe(0);
    expect([await waiter.exited, await new Response(waiter.stdout).text()]).toEqual([0, "b\n"]);
  });

  test("umask 077: what may not even be read is waited for all the same while it is held", async () => {
    await place.shell("mkdir g && chmod 1777 g");
    const holder = await holding("077");
    for (const options of ["-n", "-w 0.1"]) {
      const done = await run(b, `"$LANES" lock ${options} g/a.lock -- echo in`);
      expect([options, done.code, done.stdout]).toEqual([options, 75, ""]);
      expect(done.stderr).toMatch(/^lanes: .* is held, .*\n$/);
    }
    expect((await run(b, `"$LANES" lock status g/a.lock`)).code).toBe(0);
    expect((await run(b, `"$LANES" lock break g/a.lock`)).code).toBe(1);
    const waiter = as(b, `"$LANES" lock --verbose g/a.lock -- echo b`);
    await waiter.stderr.getReader().read();
    writeFileSync(`${place.tmp}/g/go`, "");
    expect(await holder.exited).toBe(0);
    expect([await waiter.exited, await new Response(waiter.stdout).text()]).toEqual([0, "b\n"]);
    await run(a, `umask 077; "$LANES" lock --keep g/a.lock -- true`);
    expect((await run(b, `"$LANES" lock g/a.lock -- echo in`)).code).toBe(2);
  });

  test("free, but another's to write: exit code 2, and whose it is, without and after a wait", async () => {
    await place.shell("mkdir g && chmod 1777 g");
    await run(a, `umask 022; "$LANES" lock --keep g/a.lock -- true`);
    for (const options of ["-n", "", "-w 0.1", "-w 5"]) {
      const done = await run(b, `"$LANES" lock ${options} g/a.lock -- echo in`);
      expect([options, done.code, done.stdout]).toEqual([options, 2, ""]);
      expect(done.stderr).toMatch(/^lanes: .*belongs to 64001 .*\n$/);
    }
    expect((await run(b, `"$LANES" lock status g/a.lock`)).code).toBe(1);
    // Not even to be read.
    chmodSync(`${place.tmp}/g/a.lock`, 0o600);
    for (const words of ["-n g/a.lock -- true", "status g/a.lock", "break g/a.lock"]) {
      const done = await run(b, `"$LANES" lock ${words}`);
      expect([words, done.code]).toEqual([words, 2]);
      expect(done.stderr).toContain("belongs to 64001");
    }
    expect((await run(a, `"$LANES" lock -n g/a.lock -- echo in`)).stdout).toBe("in\n");
  });

  test("a file provided in a folder that may not be written: used, kept, and nothing is said", async () => {
    await place.shell(`mkdir g && touch g/a.lock && chgrp ${shared} g/a.lock && chmod 664 g/a.lock`);
    await place.shell("touch -d '1 minute ago' g/a.lock");
    for (const user of [a, b, a]) {
      const done = await run(user, `"$LANES" lock -w 5 g/a.lock -- echo in`);
      expect(done).toEqual({ code: 0, stdout: "in\n", stderr: "" });
      const { mode, gid } = statSync(`${place.tmp}/g/a.lock`);
      expect([(mode & 0o777).toString(8), gid]).toEqual(["664", shared]);
    }
  });
});

describe("a file that somebody made beforehand", () => {
  test.each([
    ["an hour ago", "-d '1 hour ago'"],
    ["just now", ""],
    ["in 2040, by its date", "-d 2040-01-01"],
  ])("empty, %s: taken at once with -n, also by the next one, and left there with its mode", async (_, options) => {
    const made = await place.shell(`touch ${options} a.lock && chmod 640 a.lock && stat -c '%i %a' a.lock`);
    for (let n = 0; n < 3; n++) {
      const done = await place.run(["lock", "-n", "a.lock", "--", "echo", "in"]);
      expect(done).toMatchObject({ code: 0, stdout: "in\n", stderr: "" });
      expect((await place.shell("stat -c '%i %a' a.lock")).stdout).toBe(made.stdout);
      expect((await place.run(["lock", "status", "a.lock"])).code).toBe(1);
    }
    expect((await place.run(["lock", "a.lock", "--", "cat", "a.lock"])).stdout).toContain('"found":true');
    expect((await place.run(["lock", "break", "a.lock"])).code).toBe(0);
    expect(existsSync(`${place.tmp}/a.lock`)).toBe(false);
  });

  test("whose holder is killed: adopted, and still left there", async () => {
    await place.shell("touch a.lock");
    const holder = place.spawn(["lock", "-n", "-o", "a.lock", "--", "sleep", "60"]);
    await until("it is held", () => readFileSync(`${place.tmp}/a.lock`, "utf8").includes('"child":'));
    holder.kill("SIGKILL");
    await holder.exited;
    expect((await place.run(["lock", "-w", "20", "a.lock", "--", "echo", "in"])).stdout).toBe("in\n");
    expect(existsSync(`${place.tmp}/a.lock`)).toBe(true);
    place.killRunning();
  });
});

describe("a file that is not lanes' own", () => {
  const foreign: readonly (readonly [string, string])[] = [
    ["a pid", "echo 12345 > a.lock"],
    ["NULs", "head -c 297 /dev/zero > a.lock"],
    ["a script that locks itself", "printf '#!/bin/sh\\nexit\\n' > a.lock; chmod +x a.lock"],
    ["an empty file's second name", "touch theirs; ln theirs a.lock"],
  ];

  test.each(foreign)("%s: 75 with -n and after -w, or as -E says, with why, and it stays as it is", async (_, make) => {
    await place.shell(make);
    const before = readFileSync(`${place.tmp}/a.lock`, "utf8");
    for (const [options, code, lines] of [
      [["-n"], 75, 1],
      [["-n", "-E", "9"], 9, 1],
      [["-w", "0.1"], 75, 2],
      [["-w", "0.1", "--verbose"], 75, 2],
    ] as const) {
      const done = await place.run(["lock", ...options, "a.lock", "--", "echo", "in"]);
      expect([options, done.code, done.stdout]).toEqual([options, code, ""]);
      expect(done.stderr.match(/^lanes: .*not a lock file of lanes.*\n/gm)).toHaveLength(lines);
      expect(done.stderr.trim().split("\n")).toHaveLength(lines);
    }
    expect((await place.run(["lock", "-q", "-n", "a.lock", "--", "echo"])).stderr).toBe("");
    expect((await place.run(["lock", "status", "a.lock"])).code).toBe(0);
    expect(readFileSync(`${place.tmp}/a.lock`, "utf8")).toBe(before);
  });

  test("without -n and -w: one line at once, then it waits until it is gone; for slots too", async () => {
    await place.shell("echo 1 > a.lock; echo 1 > s.1");
    for (const args of [["a.lock"], ["--slots", "1", "s"]]) {
      const waiter = place.spawn(["lock", ...args, "--", "echo", "in"]);
      const reader = waiter.stderr.getReader();
      const said = Buffer.from((await reader.read()).value ?? []).toString();
      expect(said).toMatch(/^lanes: .*not a lock file of lanes.*\n$/);
      await place.shell("rm -f a.lock; if [ -e s.1 ] && [ ! -e once ]; then touch once; else rm -f s.1; fi");
      expect([await waiter.exited, await new Response(waiter.stdout).text()]).toEqual([0, "in\n"]);
      expect((await reader.read()).done).toBe(true);
    }
  });

  test("one that turns up while one waits is said as soon as it is seen", async () => {
    const holder = place.spawn(["lock", "a.lock", "--", "sh", "-c", "echo in; until [ -e go ]; do sleep 0.02; done"]);
    await holder.stdout.getReader().read();
    const waiter = place.spawn(["lock", "--verbose", "a.lock", "--", "echo", "in"]);
    const reader = waiter.stderr.getReader();
    const read = async () => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await read()).toContain("held by");
    await place.shell("rm a.lock; echo mine > a.lock; touch go");
    expect(await read()).toContain("not a lock file of lanes");
    await place.shell("rm a.lock");
    expect(await read()).toContain("acquired");
    expect(await waiter.exited).toBe(0);
    await holder.exited;
  });

  test("the folder is replaced while one waits: the lock of the path counts", async () => {
    await place.shell("mkdir d");
    const script = "echo in; until [ -e go ]; do sleep 0.02; done";
    const holder = place.spawn(["lock", "d/a.lock", "--", "sh", "-c", script]);
    await holder.stdout.getReader().read();
    const waiter = place.spawn(["lock", "--verbose", "d/a.lock", "--", "echo", "in"]);
    await waiter.stderr.getReader().read();
    await place.shell("mv d old; mkdir d; touch -d 2040-01-01 d/a.lock");
    expect(await waiter.exited).toBe(0);
    expect(readFileSync(`${place.tmp}/old/a.lock`, "utf8")).toContain('"lanes":1');
    writeFileSync(`${place.tmp}/go`, "");
    expect(await holder.exited).toBe(0);
  });
});

describe("flock(1) and lanes on one file", () => {
  const hasFlock = Bun.which("flock") !== null;
  test.skipIf(!hasFlock)("with --keep everywhere they keep each other out, in both directions", async () => {
    await place.run(["lock", "--keep", "a.lock", "--", "true"]);
    const script = "echo in; until [ -e go ]; do sleep 0.02; done";
    const holder = place.spawn(["lock", "--keep", "a.lock", "--", "sh", "-c", script]);
    await holder.stdout.getReader().read();
    expect((await place.shell("flock -n a.lock true")).code).toBe(1);
    writeFileSync(`${place.tmp}/go`, "");
    expect(await holder.exited).toBe(0);
    const other = Bun.spawn(["flock", "a.lock", "sh", "-c", "rm go; echo in; until [ -e go ]; do sleep 0.02; done"], {
      cwd: place.tmp,
      env: place.env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    await other.stdout.getReader().read();
    expect((await place.run(["lock", "-n", "--keep", "a.lock", "--", "true"])).code).toBe(75);
    const waiter = place.spawn(["lock", "--keep", "--verbose", "a.lock", "--", "echo", "in"]);
    await waiter.stderr.getReader().read();
    writeFileSync(`${place.tmp}/go`, "");
    expect(await other.exited).toBe(0);
    expect(await waiter.exited).toBe(0);
  });

  test.skipIf(!hasFlock)("nobody is let in while three of them take turns at a counter", async () => {
    await place.shell("echo 0 > n");
    const count = "n=$(cat n); sleep 0.01; echo $((n + 1)) > n";
    const turns = (taker: string) => `for i in 1 2 3 4 5 6; do ${taker} a.lock sh -c '${count}'; done &`;
    await place.shell(`${turns("flock")} ${turns('"$LANES" lock --keep')} ${turns('"$LANES" lock --keep')} wait`);
    expect(readFileSync(`${place.tmp}/n`, "utf8")).toBe("18\n");
  });
});
