/** Condition in one process; `_TestCondition` as in CPython's _test_multiprocessing. */
import { expect, test } from "bun:test";
import { Condition, Lock, SharedValue } from "../../../src/memory/index.ts";
import { until } from "../../support/wait.ts";

/** Tasks that wait on a condition, each until it was notified or its time was over. */
function sleepers(condition: Condition, n: number, timeout?: number) {
  let asleep = 0;
  let woken = 0;
  const results = Array.from({ length: n }, async () => {
    await condition.acquire();
    asleep++;
    const result = await condition.wait({ timeout });
    woken++;
    condition.release();
    return result;
  });
  const shown = () => /: (\d+) waiting/.exec(Bun.inspect(condition))?.[1];
  return {
    results,
    woken: () => woken,
    allAsleep: () => until(`${n} sleep`, () => asleep === n && shown() === String(n)),
  };
}
const notify = async (condition: Condition, n?: number) => {
  await condition.acquire();
  if (n === undefined) condition.notifyAll();
  else condition.notify(n);
  condition.release();
};

test("_TestCondition.test_notify: one at a time", async () => {
  const condition = new Condition();
  const { woken, results, allAsleep } = sleepers(condition, 2);
  await allAsleep();
  expect(woken()).toBe(0);
  await notify(condition, 1);
  await until("one is awake", () => woken() === 1);
  await notify(condition, 1);
  expect(await Promise.all(results)).toEqual([true, true]);
});

test("_TestCondition.test_notify_all: all of them, and who has a time only until it is over", async () => {
  const condition = new Condition();
  const timed = sleepers(condition, 3, 5);
  expect(await Promise.all(timed.results)).toEqual([false, false, false]);
  const { woken, results, allAsleep } = sleepers(condition, 4);
  await allAsleep();
  expect(woken()).toBe(0);
  await notify(condition);
  expect(await Promise.all(results)).toEqual([true, true, true, true]);
});

test("_TestCondition.test_notify_n: as many as are asked for, no more than there are", async () => {
  const condition = new Condition();
  const { woken, results, allAsleep } = sleepers(condition, 6);
  await allAsleep();
  await notify(condition, 2);
  await until("two are awake", () => woken() === 2);
  await notify(condition, 3);
  await until("five are awake", () => woken() === 5);
  await notify(condition, 3);
  expect(await Promise.all(results)).toEqual(Array(6).fill(true));
});

test("_TestCondition.test_timeout: it holds the lock when its time is over", async () => {
  const condition = new Condition();
  await condition.acquire();
  expect(await condition.wait({ timeout: 5 })).toBe(false);
  expect(condition.lock.isLocked).toBe(true);
  condition.release();
});

test("_TestCondition.test_waitfor: until what it waits for is true", async () => {
  const condition = new Condition();
  const state = new SharedValue("int32", 0);
  const first = condition.with(async () => {
    state.value = 1;
    condition.notify();
    return condition.waitFor(() => state.value === 4);
  });
  await condition.with(() => condition.waitFor(() => state.value === 1));
  for (let i = 0; i < 3; i++) {
    await Bun.sleep(1);
    await condition.with(() => {
      state.value += 1;
      condition.notify();
    });
  }
  expect(await first).toBe(true);
});

test("_TestCondition.test_waitfor_timeout: false when its time is over, however often it was notified", async () => {
  const condition = new Condition();
  const waiting = condition.with(() => condition.waitFor(() => false, { timeout: 30 }));
  const began = performance.now();
  let over = false;
  void waiting.then(() => {
    over = true;
  });
  while (!over) {
    await notify(condition, 1);
    await Bun.sleep(1);
  }
  expect(await waiting).toBe(false);
  expect(performance.now() - began).toBeGreaterThanOrEqual(29);
});

test("_TestCondition.test_wait_result: whether it was notified", async () => {
  const condition = new Condition();
  await condition.acquire();
  expect(await condition.wait({ timeout: 0 })).toBe(false);
  expect(await condition.wait({ timeout: 1 })).toBe(false);
  const notified = condition.wait();
  await notify(condition, 1);
  expect(await notified).toBe(true);
  condition.release();
});

test("without the lock it neither waits nor notifies", async () => {
  const condition = new Condition();
  expect(condition.wait()).rejects.toThrow("wait() is for the process that holds it");
  expect(condition.waitFor(() => true)).rejects.toThrow("waitFor() is for");
  expect(() => condition.notify()).toThrow("notify() is for");
  expect(() => condition.notifyAll()).toThrow("notify() is for");
});

test("aborted it holds the lock, too, and no notification is lost with it", async () => {
  const condition = new Condition();
  const controller = new AbortController();
  const aborted = condition.with(() => condition.wait({ signal: controller.signal }));
  const { results, allAsleep } = sleepers(condition, 1);
  await until("both wait", () => Bun.inspect(condition).includes("2 waiting"));
  void allAsleep;
  await condition.with(() => controller.abort(new Error("enough")));
  expect(aborted).rejects.toThrow("enough");
  await aborted.catch(() => {});
  await notify(condition, 1);
  expect(await Promise.all(results)).toEqual([true]);
});

test("two conditions of one lock: each wakes its own", async () => {
  const lock = new Lock();
  const [full, empty] = [new Condition(lock), new Condition(lock)];
  const [one, two] = [sleepers(full, 1), sleepers(empty, 1)];
  await Promise.all([one.allAsleep(), two.allAsleep()]);
  await lock.with(() => empty.notifyAll());
  await Promise.all(two.results);
  expect(one.woken()).toBe(0);
  await lock.with(() => full.notifyAll());
  await Promise.all(one.results);
});
