/**
 * Shared memory between real processes: nothing is lost, whoever waits is woken, and the death of whoever holds something frees it.
 * What begins with `_Test` answers the test of that name in CPython's _test_multiprocessing.
 */
import { expect, test } from "bun:test";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Semaphore,
  SharedArray,
  SharedValue,
} from "../../src/memory/index.ts";
import { Process } from "../../src/process/index.ts";
import { addAtOnce, addUnder } from "../fixtures/memory.ts";
import { Puppet } from "../support/processes/puppet.ts";
import { until } from "../support/wait.ts";

async function ended(...all: Process[]): Promise<void> {
  for (const each of all) await each.join();
  expect(all.map(({ error }) => error)).toEqual(all.map(() => null));
}

test("_TestLock.test_lock, _TestValue.test_value: processes add under one lock, and none of it is lost", async () => {
  const [lock, value] = [new Lock(), new SharedValue("int32", 5)];
  const adders = [1, 2, 3].map(() => new Process({ target: addUnder, args: [lock, value, 1000] }).start());
  await ended(...adders);
  expect(value.value).toBe(3005);
  expect(lock.isLocked).toBe(false);
}, 60_000);

test("_TestSharedCTypes.test_sharedctypes: what processes add in one step is not lost, whatever kind of number", async () => {
  const values = [new SharedValue("float64", 0.5), new SharedValue("uint32"), new SharedValue("bigint64", 1n)] as const;
  const adders = [1, 2].map(() => new Process({ target: addAtOnce, args: [values, 20_000] }).start());
  await ended(...adders);
  expect(values.map(({ value }) => value)).toEqual([40_000.5, 40_000, 40_001n]);
}, 60_000);

test("kill -9 of its holder frees a lock, and the next one learns of it, once", async () => {
  const lock = new Lock();
  await using holder = new Puppet(lock);
  expect(await holder.tell(0, "acquire")).toBe(true);
  expect(lock.isLocked).toBe(true);
  expect(lock.tryAcquire()).toBe(false);
  expect(await lock.acquire({ timeout: 5 })).toBe(false);
  expect(() => lock.release()).toThrow("for the process that holds it");
  const waiting = lock.hold();
  holder.process.kill();
  expect((await waiting).recovered).toBe(true);
  lock.release();
  expect(lock.tryAcquire()).toBe(true);
  expect(lock.recovered).toBe(false);
  lock.release();
}, 60_000);

test("a process that ends without a release frees what it held, too; one that waits can be killed", async () => {
  const lock = new Lock();
  await using holder = new Puppet(lock);
  await using waiter = new Puppet(lock);
  expect(await holder.tell(0, "acquire")).toBe(true);
  const never = waiter.tell(0, "acquire");
  const after = lock.acquire();
  waiter.process.kill();
  expect(never).rejects.toThrow();
  await holder.end();
  expect(await after).toBe(true);
  lock.release();
}, 60_000);

test("_TestSemaphore.test_semaphore, test_bounded_semaphore: what a killed process had of permits comes back", async () => {
  const [semaphore, bounded] = [new Semaphore(2), new BoundedSemaphore(2)];
  await using other = new Puppet(semaphore, bounded);
  for (const handle of [0, 0, 1, 1]) expect(await other.tell(handle, "acquire")).toBe(true);
  expect([semaphore.value, bounded.value]).toEqual([0, 0]);
  const waiting = semaphore.acquire();
  other.process.kill();
  expect(await waiting).toBe(true);
  await until("the permits are back", () => semaphore.value === 1 && bounded.value === 2);
}, 60_000);

test("a process that ends because it is done takes what it signalled with it, but no places", async () => {
  const [empty, full, places] = [new Semaphore(3), new Semaphore(0), new BoundedSemaphore(2)];
  await using producer = new Puppet(empty, full, places);
  for (const [handle, method] of [
    [0, "acquire"],
    [1, "release"],
    [0, "acquire"],
    [1, "release"],
    [2, "acquire"],
  ] as const)
    await producer.tell(handle, method);
  await producer.end();
  await until("its place is free", () => places.value === 2);
  expect([empty.value, full.value]).toEqual([1, 2]);
  // A consumer gives back what the producer took.
  expect(await full.acquire()).toBe(true);
  empty.release();
  expect([empty.value, full.value]).toEqual([2, 1]);
}, 60_000);

test("_TestCondition.test_notify_all, _TestEvent.test_event: processes that wait are woken", async () => {
  const [condition, event] = [new Condition(), new Event()];
  await using one = new Puppet(condition, event);
  await using two = new Puppet(condition, event);
  const waits = [one, two].map(async (each) => {
    await each.tell(0, "acquire");
    const woken = await each.tell(0, "wait");
    await each.tell(0, "release");
    return woken;
  });
  await until("both wait", () => Bun.inspect(condition).includes("2 waiting"));
  await condition.with(() => condition.notifyAll());
  expect(await Promise.all(waits)).toEqual([true, true]);
  const sleeping = [one, two].map((each) => each.tell(1, "wait"));
  event.set();
  expect(await Promise.all(sleeping)).toEqual([true, true]);
  event.clear();
  expect(await one.tell(1, "isSet")).toBe(false);
}, 60_000);

test("a process that dies while it waits on a condition is forgotten; one that was notified passes it on", async () => {
  const condition = new Condition();
  await using one = new Puppet(condition);
  await using two = new Puppet(condition);
  for (const each of [one, two]) {
    await each.tell(0, "acquire");
    void each.tell(0, "wait").catch(() => {});
  }
  await until("both wait", () => Bun.inspect(condition).includes("2 waiting"));
  const mine = condition.with(() => condition.wait());
  await until("all wait", () => Bun.inspect(condition).includes("3 waiting"));
  one.process.kill();
  await until("two wait", () => Bun.inspect(condition).includes("2 waiting"));
  // The other is notified, and dies before it has the lock.
  await condition.acquire();
  condition.notify(1);
  await until("it is awake", () => Bun.inspect(condition).includes("1 waiting"));
  two.process.kill();
  await two.process.join();
  await until("this one is notified", () => Bun.inspect(condition).includes("0 waiting"));
  condition.release();
  expect(await mine).toBe(true);
}, 60_000);

test("_TestBarrier.test_barrier: processes pass together; the death of one breaks it, and the error names it", async () => {
  const barrier = new Barrier(3);
  await using one = new Puppet(barrier);
  await using two = new Puppet(barrier);
  for (let phase = 0; phase < 3; phase++) {
    const indexes = await Promise.all([barrier.wait(), one.tell(0, "wait"), two.tell(0, "wait")]);
    expect(indexes.sort()).toEqual([0, 1, 2]);
  }
  const waits = [barrier.wait(), one.tell(0, "wait")].map((wait) => wait.catch((error: unknown) => error));
  await until("two wait", () => barrier.waiting === 2);
  two.process.kill();
  for (const wait of waits)
    expect(await wait).toMatchObject({
      pid: two.process.pid,
      message: `${barrier.name} is broken: process ${two.process.pid}, which takes part, has ended.`,
    });
  expect(barrier.wait()).rejects.toThrow(`process ${two.process.pid}`);
}, 60_000);

test("a process that was given a barrier takes part: it breaks it also by dying before it comes", async () => {
  const barrier = new Barrier(2);
  await using other = new Puppet(barrier);
  expect(await other.tell(0, "parties")).toBe(2);
  const mine = barrier.wait().catch((error: unknown) => error);
  other.process.kill();
  expect(await mine).toMatchObject({ name: "BrokenBarrier", pid: other.process.pid });
  barrier.reset();
  await using another = new Puppet(barrier);
  expect((await Promise.all([barrier.wait(), another.tell(0, "wait")])).sort()).toEqual([0, 1]);
  await another.end(); // done: nobody is held up by that
  expect(barrier.isBroken).toBe(false);
}, 60_000);

test("_TestArray.test_array: what one process stores, the others see", async () => {
  const array = new SharedArray("float64", [1.5, 2.5]);
  await using other = new Puppet(array);
  expect(await other.tell(0, "add", 1, 0.25)).toBe(2.5);
  expect([...array]).toEqual([1.5, 2.75]);
  array.data[0] = 7;
  expect(await other.tell(0, "add", 0, 0)).toBe(7);
}, 60_000);
