/** Shared memory where something is missing: its process, room, descriptors; and what is left behind. */

import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Event, type Lock, revive } from "../../src/memory/index.ts";
import { Process } from "../../src/process/index.ts";
import { owner } from "../fixtures/memory.ts";
import { alone, mounting } from "../support/processes/namespaces.ts";
import { root } from "../support/root.ts";
import { until } from "../support/wait.ts";

const library = JSON.stringify(join(root, "src/memory/index.ts"));

/** What a program prints, in a shell that was prepared for it. */
function printed(prepare: string, program: string, before = ""): string {
  const script = `${prepare}\nexec "$0" --preload "$1" -e "$2"`;
  const words = join(root, "tests/support/words.ts"); // an error says what it says only where somebody has seen to it
  const args = [process.execPath, words, program];
  const run = Bun.spawnSync([...before.split(" ").filter(Boolean), "bash", "-c", script, ...args]);
  return `${run.stdout}${run.stderr}`.trim();
}

test("TestResourceTracker.test_resource_tracker_sigkill: the process that made it is killed: who waits is told, and the next one removes what it left", async () => {
  const first = new Process({ target: owner }).start();
  const [lock, event] = (await revive(await first.receive())) as [Lock, Event];
  const folder = lock.$lanes.hub;
  expect(existsSync(folder)).toBe(true);
  expect(lock.isLocked).toBe(true);
  const waits = [lock.acquire(), event.wait()].map((wait) => wait.catch((error: Error) => error.message));
  first.kill();
  const gone = "the process that shares this has ended: what it shared is gone.";
  expect(await Promise.all(waits)).toEqual([gone, gone]);
  expect(lock.acquire()).rejects.toThrow(gone);
  const second = new Process({ target: owner }).start();
  await second.receive();
  await until("the folder is removed", () => !existsSync(folder));
  await second.stop();
}, 60_000);

test.each(["process.exit(0)", "process.exit(3)", "throw new Error('boom')", "await lock.acquire()", ""])(
  "TestResourceTracker.test_resource_tracker_exit_code: a process that ends by itself (%s) leaves nothing",
  (ending) => {
    const program = `import { Lock } from ${library}; const lock = new Lock(); console.log(lock.$lanes.hub); ${ending}`;
    const [folder = ""] = printed("", program).split("\n");
    expect(folder).toContain("lanes-hub-");
    expect(existsSync(folder)).toBe(false);
  },
);

test.skipIf(mounting === null)("a full /dev/shm is an error that says so, and it can be tried again", () => {
  const program = `
    import { Lock, SharedArray } from ${library};
    import { readdirSync, rmSync, statfsSync } from "node:fs";
    const lock = new Lock();
    await lock.acquire();
    try { lock.$lanes; } catch (error) { console.log(error.message); }
    console.log(readdirSync("/dev/shm").join());
    rmSync("/dev/shm/filling");
    console.log(lock.$lanes.kind, lock.isLocked);
    const free = statfsSync("/dev/shm").bavail;
    try { new SharedArray("float64", 1e6); } catch (error) { console.log(error.message); }
    console.log(statfsSync("/dev/shm").bavail - free, new SharedArray("int32", [1, 2]).data.join());`;
  const fill = "mount -t tmpfs -o size=256k none /dev/shm && head -c 220k /dev/zero >/dev/shm/filling";
  const full = (bytes: number) =>
    `no room for shared memory in /dev/shm (ENOSPC); ${bytes} bytes more were wanted. Remove what nobody needs (ls -la /dev/shm), or give it more room (in a container: docker run --shm-size=1g).`;
  expect(printed(fill, program, mounting ?? "").split("\n")).toEqual([
    full(65_536),
    "filling",
    "lock true",
    full(8_000_000),
    "0 1,2",
  ]);
});

test.skipIf(mounting === null)("where /dev/shm takes no files, a folder for temporary files will do", () => {
  const program = `
    import { Lock, SharedArray } from ${library};
    const lock = new Lock();
    await lock.acquire();
    const next = lock.acquire();
    lock.release();
    console.log(await next, lock.$lanes.hub, new SharedArray("int8", [5]).data[0]);`;
  const readonly = "mount -t tmpfs -o ro none /dev/shm";
  expect(printed(readonly, program, mounting ?? "")).toMatch(/^true \/tmp\/.*lanes-hub-\w+ 5$/);
});

test.skipIf(alone === null)("500 locks and 500 arrays take no descriptors", () => {
  const program = `
    import { Lock, SharedArray } from ${library};
    const locks = Array.from({ length: 500 }, () => new Lock());
    const arrays = Array.from({ length: 500 }, (_, n) => new SharedArray("int32", [n]));
    for (const lock of locks) await lock.acquire();
    const waits = locks.map((lock) => lock.acquire());
    for (const lock of locks) lock.release();
    await Promise.all(waits);
    console.log(locks.every((lock) => lock.isLocked), arrays.reduce((sum, { data }) => sum + data[0], 0));`;
  expect(printed("ulimit -n 64", program, alone ?? "")).toBe("true 124750");
});
