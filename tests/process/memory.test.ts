/** Shared memory between real processes: nothing is lost, and the death of whoever holds something frees it. */
import { expect, test } from "bun:test";
import { Lock, SharedValue } from "../../src/memory/index.ts";
import { Process } from "../../src/process/index.ts";
import { addUnder, holdOn } from "../fixtures/memory.ts";

test("four processes add under one lock, and none of it is lost", async () => {
  const lock = new Lock();
  const value = new SharedValue("int32", 5);
  const all = [1, 2, 3, 4].map(() => new Process({ target: addUnder, args: [lock, value, 2000] }).start());
  for (const each of all) {
    await each.join();
    expect(each.error).toBeNull();
  }
  expect(value.value).toBe(8005);
  expect(lock.isLocked).toBe(false);
}, 60_000);

test("kill -9 of its holder frees a lock, and the next one learns of it, once", async () => {
  const lock = new Lock();
  const holder = new Process({ target: holdOn, args: [lock] }).start();
  await holder.receive();
  expect(lock.isLocked).toBe(true);
  expect(lock.tryAcquire()).toBe(false);
  expect(await lock.acquire({ timeout: 5 })).toBe(false);
  const waiting = lock.acquire();
  holder.kill();
  expect(await waiting).toBe(true);
  expect(lock.recovered).toBe(true);
  lock.release();
  expect(lock.tryAcquire()).toBe(true);
  expect(lock.recovered).toBe(false);
  lock.release();
  await holder.join();
}, 60_000);
