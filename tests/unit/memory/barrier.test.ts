/** Barrier in one process, whose tasks come to it; `_TestBarrier` as in CPython's _test_multiprocessing. */
import { expect, test } from "bun:test";
import { Barrier, BrokenBarrier } from "../../../src/memory/index.ts";
import { until } from "../../support/wait.ts";

const PARTIES = 5;
const run = <T>(n: number, task: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: n }, (_, i) => task(i)));
/** What became of a wait: its index, or the error's name. */
const outcome = (wait: Promise<number>) => wait.catch((error: Error) => error.name);

test.each([1, 10])(
  "_TestBarrier.test_barrier, test_barrier_10: %d phases, nobody ahead by more than one",
  async (phases) => {
    const barrier = new Barrier(PARTIES);
    const reached = Array<number>(PARTIES).fill(0);
    await run(PARTIES, async (me) => {
      for (let phase = 0; phase < phases; phase++) {
        reached[me] = phase + 1;
        expect(Math.max(...reached) - Math.min(...reached)).toBeLessThanOrEqual(1);
        await barrier.wait();
        expect(Math.min(...reached)).toBeGreaterThanOrEqual(phase + 1);
      }
    });
    expect(barrier.isBroken).toBe(false);
  },
);

test("_TestBarrier.test_wait_return: each has an index, each another", async () => {
  const barrier = new Barrier(PARTIES);
  expect((await run(PARTIES, () => barrier.wait())).sort()).toEqual([0, 1, 2, 3, 4]);
  expect(barrier.waiting).toBe(0);
});

test("_TestBarrier.test_action: one of them, by its index, does what is to be done once a phase", async () => {
  const barrier = new Barrier(PARTIES);
  let done = 0;
  await run(PARTIES, async () => {
    if ((await barrier.wait()) === 0) done++;
    await barrier.wait();
  });
  expect(done).toBe(1);
});

test("_TestBarrier.test_abort: who waits gets an error, who comes later too", async () => {
  const barrier = new Barrier(PARTIES);
  const waits = run(PARTIES - 1, () => outcome(barrier.wait()));
  await until("four wait", () => barrier.waiting === PARTIES - 1);
  barrier.abort();
  expect(await waits).toEqual(Array(PARTIES - 1).fill("BrokenBarrier"));
  expect(barrier.isBroken).toBe(true);
  expect(barrier.wait()).rejects.toThrow(BrokenBarrier);
  expect(barrier.wait()).rejects.toThrow("abort() was called");
});

test("_TestBarrier.test_reset: who waits gets an error, and the barrier is whole", async () => {
  const barrier = new Barrier(PARTIES);
  const waits = run(PARTIES - 1, () => outcome(barrier.wait()));
  await until("four wait", () => barrier.waiting === PARTIES - 1);
  barrier.reset();
  expect(await waits).toEqual(Array(PARTIES - 1).fill("BrokenBarrier"));
  expect(barrier.isBroken).toBe(false);
  expect((await run(PARTIES, () => barrier.wait())).length).toBe(PARTIES);
});

test("_TestBarrier.test_abort_and_reset: broken, made whole, of use again", async () => {
  const barrier = new Barrier(2);
  const wait = outcome(barrier.wait());
  barrier.abort();
  expect(await wait).toBe("BrokenBarrier");
  barrier.reset();
  expect((await run(2, () => barrier.wait())).sort()).toEqual([0, 1]);
});

test("_TestBarrier.test_timeout: who does not come in time breaks it for all", async () => {
  const barrier = new Barrier(3);
  const other = outcome(barrier.wait());
  expect(barrier.wait({ timeout: 5 })).rejects.toThrow("somebody has waited for longer than the timeout");
  expect(await other).toBe("BrokenBarrier");
  expect(barrier.isBroken).toBe(true);
});

test("_TestBarrier.test_default_timeout: the barrier's own, if the wait has none", async () => {
  const barrier = new Barrier(2, { timeout: 5 });
  expect(await outcome(barrier.wait())).toBe("BrokenBarrier");
  barrier.reset();
  expect((await run(2, () => barrier.wait({ timeout: 10_000 }))).sort()).toEqual([0, 1]);
});

test("_TestBarrier.test_single_thread: a barrier for one holds up nobody", async () => {
  const barrier = new Barrier(1);
  expect([await barrier.wait(), await barrier.wait()]).toEqual([0, 0]);
});

test("_TestBarrier.test_thousand: a thousand phases", async () => {
  const barrier = new Barrier(PARTIES);
  let passed = 0;
  await run(PARTIES, async () => {
    for (let phase = 0; phase < 1000; phase++) {
      await barrier.wait();
      passed++;
    }
  });
  expect(passed).toBe(5000);
});

test("a signal ends the wait with its reason, and breaks the barrier: not all will come", async () => {
  const barrier = new Barrier(3);
  const controller = new AbortController();
  const [other, mine] = [outcome(barrier.wait()), barrier.wait({ signal: controller.signal })];
  controller.abort(new Error("enough"));
  expect(mine).rejects.toThrow("enough");
  expect(await other).toBe("BrokenBarrier");
});

test("it has to be for somebody", () => {
  expect(() => new Barrier(0)).toThrow("Barrier(parties) has to be 1 …, and is 0.");
  expect(Bun.inspect(new Barrier(2, { name: "start" }))).toBe("<Barrier start: 0 of 2 wait>");
});
