/**
 * Queue in one process. What begins with `_Test` or `Test` answers the test of that name in CPython's _test_multiprocessing: the
 * same behaviour, written anew. Between processes: tests/e2e/exec/exec-queue.test.ts.
 */
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { Lock, Queue, QueueClosed, QueueEmpty, QueueFull } from "../../../src/api/index.ts";

test("_TestQueue.test_put: full at maxSize, and each way to put into a full one says so", async () => {
  const queue = new Queue<number>(3);
  for (const n of [1, 2, 3]) await queue.put(n);
  expect([queue.isFull, queue.isEmpty, queue.size, queue.maxSize]).toEqual([true, false, 3, 3]);
  expect(queue.tryPut(4)).toBe(false);
  expect(queue.put(4, { timeout: 0 })).rejects.toThrow(QueueFull);
  expect(queue.put(4, { timeout: 5 })).rejects.toThrow(/^Queue-\d+: there was no room within 5 ms\.$/);
  const put = queue.put(4);
  expect(await queue.get()).toBe(1);
  await put;
  expect(await Promise.all([queue.get(), queue.get(), queue.get()])).toEqual([2, 3, 4]);
});

test("_TestQueue.test_get, test_timeout: nothing there: at once, after a time; what comes wakes who waits, in order", async () => {
  const queue = new Queue<string>();
  expect(queue.tryGet()).toBeNull();
  expect(queue.get({ timeout: 0 })).rejects.toThrow(QueueEmpty);
  const before = performance.now();
  expect(await queue.get({ timeout: 20 }).catch((error: Error) => error.name)).toBe("QueueEmpty");
  expect(performance.now() - before).toBeGreaterThan(19);
  const waiting = [queue.get(), queue.get()];
  await Bun.sleep(5);
  await queue.put("a");
  expect(queue.tryPut("b")).toBe(true);
  expect((await Promise.all(waiting)).sort()).toEqual(["a", "b"]);
});

test("_TestQueue.test_qsize, TestSimpleQueue.test_empty: the size is exact", async () => {
  const queue = new Queue();
  const sizes = [queue.size];
  for (const n of [1, 2]) {
    await queue.put(n);
    sizes.push(queue.size);
  }
  expect([...sizes, queue.isEmpty, queue.isFull]).toEqual([0, 1, 2, false, false]);
  await queue.get();
  expect(queue.tryGet()).toEqual({ item: 2 });
  expect([queue.size, queue.isEmpty]).toEqual([0, true]);
});

test("_TestQueue.test_task_done: join waits until every item is done, and no call more is taken", async () => {
  const queue = new Queue<number>();
  expect(await queue.join()).toBe(true);
  for (const n of [1, 2]) await queue.put(n);
  expect(await queue.join({ timeout: 5 })).toBe(false);
  const joined = queue.join();
  await queue.get();
  queue.taskDone();
  expect(await queue.join({ timeout: 0 })).toBe(false);
  await queue.get();
  queue.taskDone();
  expect(await joined).toBe(true);
  expect(() => queue.taskDone()).toThrow("taskDone() was called more often");
});

test("_TestQueue.test_closed_queue_put_get_exceptions: to put is refused, what is in it can be taken, then QueueClosed", async () => {
  const queue = new Queue<number>(2);
  for (const n of [1, 2]) await queue.put(n);
  const late = queue.put(3).catch((error: Error) => error.name);
  queue.close();
  queue.close();
  expect(await late).toBe("QueueClosed");
  expect(queue.put(3)).rejects.toThrow(QueueClosed);
  expect(() => queue.tryPut(3)).toThrow(QueueClosed);
  expect(Bun.inspect(queue)).toMatch(/^<Queue-\d+: 2 of 2 items, closed>$/);
  const all: number[] = [];
  for await (const item of queue) all.push(item);
  expect(all).toEqual([1, 2]);
  expect(queue.get()).rejects.toThrow(QueueClosed);
  const empty = new Queue();
  const waiting = empty.get().catch((error: Error) => error.name);
  await Bun.sleep(1);
  empty.close();
  expect(await waiting).toBe("QueueClosed");
});

test("_TestQueue.test_queue_feeder_donot_stop_onexc, test_queue_feeder_on_queue_feeder_error: what cannot be sent is refused where it is put, and the queue goes on", async () => {
  const queue = new Queue<unknown>();
  expect(queue.put({ list: [1, () => {}] })).rejects.toThrow("item.list[1] is a function");
  expect(() => queue.tryPut(Symbol("x"))).toThrow("item is a symbol");
  await queue.put(true);
  expect(await queue.get()).toBe(true);
  expect(queue.size).toBe(0);
});

test("a wait ends with its signal's reason, and takes nothing", async () => {
  const queue = new Queue<number>(1);
  const control = new AbortController();
  const get = queue.get({ signal: control.signal }).catch((error: unknown) => error);
  await Bun.sleep(1);
  control.abort("enough");
  expect(await get).toBe("enough");
  await queue.put(1);
  expect(await queue.put(2, { signal: AbortSignal.abort("never") }).catch((error: unknown) => error)).toBe("never");
  expect(await queue.get()).toBe(1);
});

test("items of 0 bytes, of 20 MB, and handles", async () => {
  const queue = new Queue<unknown>();
  const lock = new Lock({ name: "sent" });
  const large = new Uint8Array(20e6).fill(7);
  for (const item of [new Uint8Array(0), "", large, undefined, { lock }]) await queue.put(item);
  expect(await queue.get()).toEqual(new Uint8Array(0));
  expect(await queue.get()).toBe("");
  expect(Buffer.compare((await queue.get()) as Uint8Array, large)).toBe(0);
  expect(await queue.get()).toBeUndefined();
  const { lock: received } = (await queue.get()) as { lock: Lock };
  expect(received.tryAcquire()).toBe(true);
  expect(lock.isLocked).toBe(true);
  const files = readdirSync((queue.$lanes as { hub: string }).hub).filter((name) => name.startsWith("queue-"));
  for (let n = 0; n < 5000; n++) await queue.put(n);
  for (let n = 0; n < 5000; n++) expect(await queue.get()).toBe(n);
  // What was left is removed.
  expect(
    readdirSync((queue.$lanes as { hub: string }).hub).filter((name) => name.startsWith("queue-")).length,
  ).toBeLessThanOrEqual(files.length + 1);
});

test("bytes go as they are, and nothing of what else lies in their memory; what is put is what it was when it was asked for", async () => {
  const queue = new Queue<Uint8Array>(1);
  const memory = new Uint8Array([1, 2, 3, 4, 5]);
  await queue.put(memory.subarray(1, 3));
  const part = await queue.get();
  expect([part.constructor, part.buffer.byteLength, ...part]).toEqual([Uint8Array, 2, 2, 3]);
  await queue.put(Buffer.from("text").subarray(1));
  expect([Buffer.isBuffer(await queue.get()), queue.size]).toEqual([true, 0]);
  expect(() => queue.tryPut(new Uint8Array(new SharedArrayBuffer(8)))).toThrow("SharedArrayBuffer");
  await queue.put(memory);
  const waiting = queue.put(memory); // there is room for one
  memory.fill(9);
  expect([...(await queue.get())]).toEqual([1, 2, 3, 4, 5]);
  await waiting;
  expect([...(await queue.get())]).toEqual([1, 2, 3, 4, 5]);
});

test("whatever is put and taken in whatever order, it is a queue", async () => {
  const sizes = fc.array(fc.oneof(fc.constant(null), fc.nat(300), fc.nat(60_000)), { maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(sizes, async (steps) => {
      const [queue, model] = [new Queue<Uint8Array>(), [] as Uint8Array[]];
      for (const [n, size] of steps.entries()) {
        if (size === null) expect(queue.tryGet()?.item).toEqual(model.shift() as Uint8Array);
        else {
          const item = new Uint8Array(size).fill(n);
          model.push(item);
          expect(queue.tryPut(item)).toBe(true);
        }
        expect(queue.size).toBe(model.length);
      }
      for (const item of model) expect(Buffer.compare(await queue.get(), item)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test.each([
  [-1, "-1"],
  [1.5, "1.5"],
  [Number.NaN, "NaN"],
])("maxSize %d is refused", (maxSize, value) => {
  expect(() => new Queue(maxSize)).toThrow(`Queue(maxSize) has to be 0 … 1073741823, and is ${value}.`);
});
