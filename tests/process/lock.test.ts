/** The lock between real processes: held, waited for, abandoned, recovered. */

import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lock, status, tryLock } from "../../src/lock/index.ts";
import { Locker } from "../support/processes/locker.ts";
import { signalProcess } from "../support/processes/processes.ts";
import { root } from "../support/root.ts";
import { until } from "../support/wait.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "test-lock-"));
  file = join(dir, "a.lock");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a held lock is a file that says who holds it; released, it is gone", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  const record = JSON.parse(readFileSync(file, "utf8"));
  expect(record).toMatchObject({ lanes: 1, pid: holder.pid, ppid: process.pid, child: null });
  expect(readFileSync(file, "utf8").trimEnd()).not.toContain("\n");
  expect(status(file)).toMatchObject({ state: "held", owner: { pid: holder.pid }, verified: true });
  expect(tryLock(file)).toBeNull();
  expect((await holder.release()).how).toBe("released");
  expect(existsSync(file)).toBe(false);
  expect(status(file)).toMatchObject({ state: "free", owner: null });
});

test("whoever reads the file while it is held finds one line of JSON, also while the child is being named", async () => {
  const script = `
    import { lock } from ${JSON.stringify(join(root, "src/lock/index.ts"))};
    const handle = await lock(${JSON.stringify(file)});
    for (;;) for (const pid of [1, process.pid, process.ppid]) handle.nameChild(pid);
  `;
  writeFileSync(join(dir, "script.ts"), script);
  const holder = Bun.spawn([process.execPath, join(dir, "script.ts")], { stdio: ["ignore", "inherit", "inherit"] });
  try {
    const children = new Set<unknown>();
    await until("it is held", () => existsSync(file) && readFileSync(file).length > 0);
    for (let reads = 0; reads < 20_000 || children.size < 3; reads++) {
      const text = readFileSync(file, "utf8");
      expect(text.indexOf("\n")).toBe(text.length - 1);
      children.add(JSON.parse(text).child);
    }
    children.delete(null);
    expect(children).toEqual(new Set([1, holder.pid, process.pid]));
  } finally {
    holder.kill("SIGKILL");
    await holder.exited;
  }
});

test("a waiter sleeps in the kernel, says whom it waits for, and has the lock after the release", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await using waiter = new Locker(file);
  expect((await waiter.until("waits")).on).toBe(holder.pid);
  await waiter.asleep();
  expect(waiter.has("held")).toBe(false);
  await holder.release();
  expect((await waiter.until("held")).recovered).toBeNull();
});

test("first come, first served", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await using stack = new AsyncDisposableStack();
  const waiters: Locker[] = [];
  for (let n = 0; n < 5; n++) {
    const waiter = stack.use(new Locker(file));
    waiters.push(waiter);
    await waiter.asleep();
  }
  await holder.release();
  for (const waiter of waiters) {
    await waiter.until("held");
    expect(waiters.filter((other) => other.has("held"))).toEqual(waiters.slice(0, waiters.indexOf(waiter) + 1));
    await waiter.release();
  }
});

test("kill -9 of the holder: the sleeping waiter takes over at once, and knows from whom", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await using waiter = new Locker(file);
  await waiter.asleep();
  const inode = status(file);
  await holder.signal("SIGKILL");
  expect((await waiter.until("held")).recovered).toBe(holder.pid);
  expect(status(file)).toMatchObject({ file: inode.file, state: "held", owner: { pid: waiter.pid } });
});

test("kill -9 of the holder, nobody waits: stale, then taken over by the next", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await holder.signal("SIGKILL");
  expect(status(file)).toMatchObject({ state: "stale", owner: { pid: holder.pid } });
  using handle = await lock(file, { wait: 0 });
  expect(handle.recovered?.pid).toBe(holder.pid);
});

test("a zombie has ended, though its parent has not noticed", async () => {
  // bash does not reap its child before it executes wait.
  const script = `${process.execPath} ${join(root, "tests/fixtures/lock-process.ts")} ${file} < /dev/zero & echo $!; exec sleep 60`;
  const shell = Bun.spawn(["bash", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    let pid = 0;
    await until("its holder is known", () => {
      if (existsSync(file)) pid = status(file).owner?.pid ?? 0;
      return pid > 0;
    });
    signalProcess(pid, "SIGKILL");
    await until("it is a zombie", () => readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z "));
    // A zombie's other threads may still be on their way out, and the lock with them.
    await until("its threads have ended, too", () => status(file).state === "stale");
    using handle = await lock(file, { wait: 0 });
    expect(handle.recovered?.pid).toBe(pid);
  } finally {
    shell.kill("SIGKILL");
    await shell.exited;
  }
});

test("a wait that is over fails, names the holder, and leaves no thread in the line", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await using waiter = new Locker(file, 50);
  expect(await waiter.until("failed")).toMatchObject({ key: "lock.timeout", exitCode: 75 });
  await using next = new Locker(file);
  await next.asleep();
  await holder.release();
  await next.until("held");
});

test("an aborted wait fails with the reason of the abort", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  const leaving = new AbortController();
  const reason = new Error("enough");
  const waiting = lock(file, { signal: leaving.signal, onWait: () => leaving.abort(reason) });
  expect(await waiting.catch((error: unknown) => error)).toBe(reason);
  expect(await lock(file, { signal: leaving.signal }).catch((error: unknown) => error)).toBe(reason);
  await holder.release();
  using handle = await lock(file, { wait: 10_000 });
  expect(handle.intact).toBe(true);
});

test("a waiter stopped at the head of the line is overtaken once the lock is free", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await using first = new Locker(file);
  await first.asleep();
  await using second = new Locker(file);
  await second.asleep();
  await first.signal("SIGSTOP");
  await holder.release();
  await second.until("held");
  expect(first.has("held")).toBe(false);
  await first.signal("SIGCONT");
  await second.release();
  await first.until("held");
});

test("a stopped holder keeps the lock, for no clock decides", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await holder.signal("SIGSTOP");
  expect(status(file).state).toBe("held");
  expect(tryLock(file)).toBeNull();
  await using waiter = new Locker(file, 100);
  await waiter.until("failed");
  await holder.signal("SIGCONT");
});

test("removed while held: the holder is told at release, and touches nothing of its successor", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  rmSync(file);
  await using next = new Locker(file);
  await next.until("held");
  expect((await holder.release()).how).toBe("replaced");
  expect(status(file)).toMatchObject({ state: "held", owner: { pid: next.pid } });
  rmSync(file);
  expect((await next.release()).how).toBe("removed");
});

test("removed while somebody sleeps on it: the sleeper notices", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  await using waiter = new Locker(file);
  await waiter.asleep();
  rmSync(file);
  await waiter.until("held");
  expect(holder.has("released")).toBe(false);
});

test("renamed while held, and another put in its place: replaced", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  renameSync(file, join(dir, "moved"));
  writeFileSync(file, "mine\n");
  expect((await holder.release()).how).toBe("replaced");
  expect(readFileSync(file, "utf8")).toBe("mine\n");
});

test("a foreign lock file is waited for until it goes away", async () => {
  writeFileSync(file, "12345\n");
  await using waiter = new Locker(file);
  expect((await waiter.until("waits")).on).toBeNull();
  expect(readFileSync(file, "utf8")).toBe("12345\n");
  expect(waiter.has("held")).toBe(false);
  rmSync(file);
  await waiter.until("held");
});

test("an empty file is left alone while it may be young, then taken over: also with the clock set back", async () => {
  // A time in the future is what a young file looks like after the clock was set back.
  writeFileSync(file, "");
  const future = new Date(Date.now() + 3_600_000);
  utimesSync(file, future, future);
  const started = performance.now();
  await using waiter = new Locker(file);
  await waiter.until("held");
  expect(performance.now() - started).toBeGreaterThan(1_900);
});

test("neither a wait nor an idle thread keeps a process alive; nor does it need to release", async () => {
  await using holder = new Locker(file);
  await holder.until("held");
  const script = `
    import { lock } from ${JSON.stringify(join(root, "src/lock/index.ts"))};
    const waits = Promise.withResolvers();
    lock(${JSON.stringify(file)}, { onWait: () => waits.resolve(console.log("waits")) }).then(() => console.log("held"));
    const alive = setInterval(() => {}, 1e6);
    await waits.promise;
    clearInterval(alive);
    await new Promise((resolve) => setTimeout(resolve, 200)); // its thread falls asleep meanwhile
    await lock(${JSON.stringify(join(dir, "other.lock"))});
  `;
  writeFileSync(join(dir, "script.ts"), script);
  const child = Bun.spawn([process.execPath, join(dir, "script.ts")], { stdio: ["ignore", "pipe", "inherit"] });
  expect(await new Response(child.stdout).text()).toBe("waits\n");
  expect(await child.exited).toBe(0);
  expect(existsSync(join(dir, "other.lock"))).toBe(false);
});

test("turnstiles do not pile up", async () => {
  const folder = `/tmp/lanes-${process.getuid?.()}`;
  await using holder = new Locker(file);
  await holder.until("held");
  const names = () => new Set(existsSync(folder) ? readdirSync(folder) : []);
  const before = names();
  await using waiter = new Locker(file);
  await waiter.asleep();
  const mine = [...names()].filter((name) => !before.has(name));
  await holder.release();
  await waiter.until("held");
  await waiter.release();
  await waiter.end();
  expect(mine.filter((name) => names().has(name))).toEqual([]);
});
