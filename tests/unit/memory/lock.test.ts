/**
 * Lock and RLock in one process, whose tasks exclude each other as processes do. What begins with `_Test` answers the test of that
 * name in CPython's _test_multiprocessing: the same behaviour, written anew.
 */
import { expect, test } from "bun:test";
import { Lock, RLock } from "../../../src/memory/index.ts";

test("_TestLock.test_lock: acquire, acquire again without waiting, release, release once more", async () => {
  const lock = new Lock();
  expect(await lock.acquire()).toBe(true);
  expect(lock.tryAcquire()).toBe(false);
  expect(await lock.acquire({ timeout: 0 })).toBe(false);
  lock.release();
  expect(() => lock.release()).toThrow(/^Lock-\d+: release\(\) is for the process that holds it/);
});

test("_TestLock.test_rlock: taken again inside, free when the outermost is left", async () => {
  const lock = new RLock();
  const depths = await lock.with(() => lock.with(() => lock.with(() => lock.isLocked)));
  expect(depths).toBe(true);
  expect(lock.isLocked).toBe(false);
});

test("_TestLock.test_lock_context: held in the block, free after it, an error too", async () => {
  const lock = new Lock();
  {
    using held = await lock.hold();
    expect(lock.isLocked).toBe(true);
    expect(held.recovered).toBe(false);
  }
  expect(lock.isLocked).toBe(false);
  expect(await lock.with(async () => 5)).toBe(5);
  expect(
    lock.with(() => {
      throw new Error("inside");
    }),
  ).rejects.toThrow("inside");
  expect(lock.tryAcquire()).toBe(true);
  lock.release();
});

test("_TestLock.test_repr_lock, test_repr_rlock: what is shown says who has it", async () => {
  const lock = new Lock({ name: "ticket" });
  expect(Bun.inspect(lock)).toBe("<Lock ticket: free>");
  await lock.acquire();
  expect(Bun.inspect([lock])).toContain("<Lock ticket: held by this process>");
  lock.release();
  const again = new RLock();
  expect(Bun.inspect(again)).toMatch(/^<RLock-\d+: free>$/);
  await again.with(() => expect(Bun.inspect(again)).toContain("held by this process"));
});

test("SemLockTests.test_semlock_subclass: Lock can be subclassed, and is sent as a Lock", async () => {
  class Counted extends Lock {
    readonly times = 0;
  }
  const lock = new Counted();
  expect(await lock.acquire()).toBe(true);
  lock.release();
  expect(Bun.inspect(lock)).toMatch(/^<Counted Lock-\d+: free>$/);
});

test("two tasks of one process exclude each other, in the order of asking", async () => {
  const lock = new Lock();
  const order: string[] = [];
  const task = async (name: string) => {
    await lock.acquire();
    order.push(`${name} in`);
    await Bun.sleep(2);
    order.push(`${name} out`);
    lock.release();
  };
  await Promise.all(["a", "b", "c"].map(task));
  expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("a wait that is given up takes nothing: by timeout, by signal, before it began", async () => {
  const lock = new Lock();
  await lock.acquire();
  expect(await lock.acquire({ timeout: 5 })).toBe(false);
  const controller = new AbortController();
  const waiting = lock.acquire({ signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 5);
  expect(waiting).rejects.toThrow("enough");
  await waiting.catch(() => {});
  expect(lock.acquire({ signal: controller.signal })).rejects.toThrow("enough");
  expect(lock.hold({ timeout: 5 })).rejects.toThrow("could not be had within 5 ms");
  await lock.acquire({ timeout: 5 });
  lock.release();
  expect(lock.isLocked).toBe(false);
  expect(lock.tryAcquire()).toBe(true);
  lock.release();
});

test("what is no time is refused", () => {
  expect(new Lock().acquire({ timeout: Number.NaN })).resolves.toBe(true); // it need not wait
  expect(new Lock().acquire({ timeout: "5" as never })).resolves.toBe(true);
});

test("another task of the process does not have the RLock that one has", async () => {
  const lock = new RLock();
  const order: string[] = [];
  const first = lock.with(async () => {
    order.push("first");
    await Bun.sleep(5);
    await lock.with(() => order.push("first again"));
  });
  const second = lock.with(() => order.push("second"));
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "first again", "second"]);
});

test("what an RLock's body has started and not awaited has it no more when the body ends", async () => {
  const lock = new RLock();
  const gate = Promise.withResolvers<void>();
  let late: Promise<string> | undefined;
  await lock.with(() => {
    late = gate.promise.then(() => lock.with(() => (lock.isLocked ? "taken itself" : "not held")));
  });
  expect(lock.isLocked).toBe(false);
  gate.resolve();
  expect(await late).toBe("taken itself");
  expect(lock.isLocked).toBe(false);
});

test("500 locks: each its own, held and waited for at once", async () => {
  const locks = Array.from({ length: 500 }, () => new Lock());
  for (const lock of locks) expect(lock.tryAcquire()).toBe(true);
  const waits = locks.map((lock) => lock.acquire());
  for (const lock of locks) lock.release();
  expect((await Promise.all(waits)).every(Boolean)).toBe(true);
  for (const lock of locks) lock.release();
  expect(locks.some((lock) => lock.isLocked)).toBe(false);
});

test("more than a page of them, some made before and some after they are shared", async () => {
  const before = Array.from({ length: 1100 }, () => new Lock());
  void before[0]!.$lanes;
  const locks = [...before, ...Array.from({ length: 1100 }, () => new Lock())];
  await Promise.all(
    locks.map(async (lock) => {
      await lock.acquire();
      const next = lock.acquire();
      lock.release();
      await next;
      lock.release();
    }),
  );
  expect(locks.some((lock) => lock.isLocked)).toBe(false);
});
