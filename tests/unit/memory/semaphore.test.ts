/** Semaphore and BoundedSemaphore in one process; `_TestSemaphore` as in CPython's _test_multiprocessing. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { BoundedSemaphore, Semaphore } from "../../../src/memory/index.ts";

test("_TestSemaphore.test_semaphore: down to nothing, and up beyond what it had", async () => {
  const semaphore = new Semaphore(2);
  expect(semaphore.value).toBe(2);
  expect(await semaphore.acquire()).toBe(true);
  expect(semaphore.value).toBe(1);
  expect(await semaphore.acquire()).toBe(true);
  expect(semaphore.value).toBe(0);
  expect(semaphore.tryAcquire()).toBe(false);
  semaphore.release();
  expect(semaphore.value).toBe(1);
  semaphore.release();
  semaphore.release();
  semaphore.release();
  expect(semaphore.value).toBe(4);
});

test("_TestSemaphore.test_bounded_semaphore: released more often than acquired is an error", async () => {
  const semaphore = new BoundedSemaphore(2);
  expect(() => semaphore.release()).toThrow(/^BoundedSemaphore-\d+ was released more often than acquired\.$/);
  await semaphore.acquire();
  await semaphore.acquire();
  expect(Bun.inspect(semaphore)).toMatch(/^<BoundedSemaphore-\d+: 0 free>$/);
  semaphore.release(2);
  expect(semaphore.value).toBe(2);
  expect(() => semaphore.release()).toThrow("more often");
});

test("_TestSemaphore.test_timeout: a wait ends when its time is over, not before and not long after", async () => {
  const semaphore = new Semaphore(0);
  for (const timeout of [-1, 0, 20]) {
    const began = performance.now();
    expect(await semaphore.acquire({ timeout })).toBe(false);
    expect(performance.now() - began).toBeGreaterThanOrEqual(Math.max(0, timeout - 1));
  }
  expect(semaphore.value).toBe(0);
});

test("whoever waits gets what is released, in the order of asking", async () => {
  const semaphore = new Semaphore(0);
  const order: number[] = [];
  const waits = [1, 2, 3].map(async (n) => {
    await semaphore.acquire();
    order.push(n);
  });
  semaphore.release(3);
  await Promise.all(waits);
  expect(order).toEqual([1, 2, 3]);
  expect(semaphore.value).toBe(0);
});

test("a block has a permit while it runs", async () => {
  const semaphore = new Semaphore(1);
  {
    using _ = await semaphore.hold();
    expect(semaphore.value).toBe(0);
    expect(semaphore.hold({ timeout: 1 })).rejects.toThrow("could not be had within 1 ms");
  }
  expect(await semaphore.with(() => semaphore.value)).toBe(0);
  expect(semaphore.value).toBe(1);
});

test("as many permits as one likes, and then as many again", () => {
  const semaphore = new Semaphore(1000);
  for (let i = 0; i < 1000; i++) expect(semaphore.tryAcquire()).toBe(true);
  expect(semaphore.tryAcquire()).toBe(false);
  semaphore.release(1500);
  expect(semaphore.value).toBe(1500);
  expect(() => new Semaphore(-1)).toThrow("Semaphore(value) has to be 0 … 100000, and is -1");
  expect(() => new BoundedSemaphore(1.5)).toThrow("BoundedSemaphore(value)");
  expect(() => semaphore.release(0)).toThrow("release(n)");
});

test("whatever is done in whatever order, the number of permits is what it was, and what was added", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.array(fc.boolean(), { maxLength: 200 }), (first, steps) => {
      const semaphore = new Semaphore(first);
      let free = first;
      for (const isRelease of steps) {
        if (isRelease) {
          semaphore.release();
          free++;
        } else if (semaphore.tryAcquire()) free--;
        else if (free !== 0) return false;
        if (semaphore.value !== free) return false;
      }
      return true;
    }),
    { numRuns: 50 },
  );
});
