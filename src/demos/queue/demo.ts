/**
 * Demo `queue`: producers and consumers over a queue of limited length. Whoever is faster has to wait for the others: a
 * producer while the queue is full, a consumer while it is empty. By the record every item is taken exactly once, those
 * of one producer in the order it made them, and there are never more in the queue than it holds.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeQueue, SharedQueue } from "../../channel/queue.ts";
import { currentProcess, defineTarget } from "../../process/index.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { type QueueResult, queueChecks, queueFacts, queuePictures, queueRecord, queueResult } from "./report.ts";

// show
const produce = defineTarget("queue#produce", async (file: string, items: number, make: number) => {
  using queue = recorded(new SharedQueue(file));
  for (let number = 1; number <= items; number++) {
    await Bun.sleep(make);
    await queue.put(`${currentProcess().name}.${number}`); // waits while the queue is full
  }
});

const consume = defineTarget("queue#consume", async (file: string, work: number) => {
  using queue = recorded(new SharedQueue(file));
  while ((await queue.take()) !== null) await Bun.sleep(work); // waits while the queue is empty; null: there will be no more
});

async function trade(stage: Stage, file: string) {
  const [items, make, work] = [stage.number("items"), stage.number("make"), stage.number("work")];
  const producers = times(stage.number("producers"), () => stage.process(produce, [file, items, make]));
  const consumers = times(stage.number("consumers"), () => stage.process(consume, [file, work]));
  for (const each of [...producers, ...consumers]) each.start();
  await stage.join(producers);
  using queue = new SharedQueue(file);
  queue.close();
  await stage.join(consumers);
  return { producers, consumers };
}
// end

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/**
 * The queue on the record: `run` before a put or a take, `wait` if it has to wait, and afterwards `write`, with how many
 * items are in it now and which one was put or taken.
 */
function recorded(queue: SharedQueue) {
  const me = currentProcess();
  const wait = { onWait: () => me.emit({ type: "wait", on: "queue" }) };
  return {
    async put(item: string): Promise<void> {
      me.emit({ type: "run" });
      const { length } = await queue.put(Buffer.from(item), wait);
      me.emit({ type: "write", value: length, put: item });
    },
    async take(): Promise<string | null> {
      me.emit({ type: "run" });
      const taken = await queue.take(wait);
      if (taken === null) return null;
      const item = Buffer.from(taken.body).toString();
      me.emit({ type: "write", value: taken.length, took: item });
      return item;
    },
    [Symbol.dispose]: () => queue[Symbol.dispose](),
  };
}

export const demo: Demo<QueueResult> = {
  name: "queue",
  params: [
    { kind: "number", name: "producers", min: 1, max: 16, default: 3 },
    { kind: "number", name: "consumers", min: 1, max: 16, default: 2 },
    { kind: "number", name: "capacity", min: 1, max: 1_000, default: 4 },
    { kind: "number", name: "items", min: 1, max: 1_000, default: 20 },
    { kind: "number", name: "make", min: 0, max: 1_000, default: 5, unit: "ms" },
    { kind: "number", name: "work", min: 0, max: 1_000, default: 15, unit: "ms" },
  ],
  prediction: { choices: ["producers", "consumers"] },
  code: codeOf("queue"),
  command: "seq 12 | lanes run -j 2 --shell 'sleep 0.1; echo took {}'",
  shared: { label: "queue", expected: ({ capacity }) => Number(capacity) },
  async play(stage) {
    const file = join(stage.dir, "queue.db");
    for (const part of ["", "-wal", "-shm"]) rmSync(file + part, { force: true }); // of an earlier play
    makeQueue(file, stage.number("capacity"));
    const { producers, consumers } = await trade(stage, file);
    using queue = new SharedQueue(file);
    const left = queue.length;
    stage.recording.emit({ type: "write", value: left });

    const names = { producers: producers.map(({ name }) => name), consumers: consumers.map(({ name }) => name) };
    const record = queueRecord(stage.recording.events(), names);
    const result = queueResult(record, left);
    const [make, work] = [stage.number("make"), stage.number("work")];
    return {
      result,
      facts: queueFacts(result, stage.number("capacity")),
      checks: [
        ...queueChecks(record, result, { items: stage.number("items"), capacity: stage.number("capacity") }),
        { label: "demo.check.exit", ok: [...producers, ...consumers].every(({ exitCode }) => exitCode === 0) },
      ],
      pictures: queuePictures(record, names),
      answer: result.producersWaitedMs > result.consumersWaitedMs ? "producers" : "consumers",
      ...(result.producersWaitedMs > result.consumersWaitedMs ? {} : { why: "demo.queue.why.consumers" }),
      suggestion: make < work ? { make: Math.min(work * 2, 1_000) } : { consumers: 1, make: Math.ceil(work / 3) },
    };
  },
};
