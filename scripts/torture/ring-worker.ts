/** What a tortured process does with queues until it is killed or told to end: puts, or takes, and checks what it takes. */
import { openSync, writeSync } from "node:fs";
import { Queue } from "../../src/api/queue.ts";
import { random } from "../../src/explore/schedule/random.ts";
import { revive, type SharedArray, type SharedValue } from "../../src/memory/index.ts";
import { defineTarget } from "../../src/process/index.ts";

export const faultNames = [
  "an item is not what was put",
  "an item came before one that was put earlier",
  "an unexpected error",
] as const;

/** Who put it, which of theirs it is, and bytes that tell whether it is whole. */
export type Item = readonly [place: number, n: number, bytes: Uint8Array];

export interface Shared {
  /** One for any number of items, one for a few. */
  readonly queues: readonly Queue<Item>[];
  /** The last item that each has put, when it knows that it has; a line of as many as there are queues. */
  readonly acks: SharedArray<"int32">;
  readonly puts: SharedValue<"int32">;
  readonly gets: SharedValue<"int32">;
  readonly faults: SharedArray<"int32">;
  /** Producers end. */
  readonly end: SharedValue<"int32">;
  /** Where consumers write what they have taken. */
  readonly folder: string;
}

const fault = (all: Shared, name: (typeof faultNames)[number]) =>
  void Atomics.add(all.faults.data, faultNames.indexOf(name), 1);

/** Bytes of a kind that only this item has. */
const bytesOf = (place: number, n: number, length: number) => new Uint8Array(length).fill((place * 31 + n * 7) & 255);

async function putting(all: Shared, place: number, next: () => number): Promise<void> {
  const counts = all.queues.map(() => 0);
  while (all.end.value === 0) {
    const which = next() < 0.5 ? 0 : 1;
    const queue = all.queues[which]!;
    if (which === 0 && queue.size > 500) {
      await Bun.sleep(1);
      continue;
    }
    const n = counts[which]! + 1;
    const length = next() < 0.02 ? 100_000 : Math.floor(next() * next() * 3000);
    const item: Item = [place, n, bytesOf(place, n, length)];
    const dice = next();
    if (dice < 0.2) {
      if (!queue.tryPut(item)) continue;
    } else if (dice < 0.3) {
      const isPut = await queue.put(item, { timeout: next() * 3 }).then(
        () => true,
        (error: Error) => (error.name === "QueueFull" ? false : Promise.reject(error)),
      );
      if (!isPut) continue;
    } else await queue.put(item);
    counts[which] = n;
    all.acks.data[place * all.queues.length + which] = n;
    all.puts.add(1);
    if (dice > 0.98) await Bun.sleep(1);
  }
}

async function taking(all: Shared, place: number, next: () => number): Promise<void> {
  const file = openSync(`${all.folder}/got-${place}`, "a");
  const line = new Int32Array(3);
  const last = new Map<number, number>();
  const took = (which: number, [from, n, bytes]: Item) => {
    line.set([which, from, n]);
    writeSync(file, new Uint8Array(line.buffer));
    const key = from * all.queues.length + which;
    if (n <= (last.get(key) ?? 0)) fault(all, "an item came before one that was put earlier");
    last.set(key, n);
    if (Buffer.compare(bytes, bytesOf(from, n, bytes.length)) !== 0) fault(all, "an item is not what was put");
    all.gets.add(1);
  };
  const each = async (which: number) => {
    const queue = all.queues[which]!;
    for (;;) {
      try {
        const dice = next();
        if (dice < 0.2) {
          const got = queue.tryGet();
          if (got === null) await new Promise(setImmediate);
          else took(which, got.item);
        } else took(which, await queue.get(dice < 0.4 ? { timeout: next() * 3 } : {}));
      } catch (error) {
        const { name } = error as Error;
        if (name === "QueueClosed") return;
        if (name !== "QueueEmpty") throw error;
      }
    }
  };
  await Promise.all(all.queues.map((_, which) => each(which)));
}

export const worker = defineTarget(
  `${import.meta.path}#ring`,
  async (given: Shared, place: number, puts: boolean, seed: number) => {
    const all = (await revive(given)) as Shared;
    if (!all.queues.every((queue) => queue instanceof Queue)) fault(all, "an unexpected error");
    try {
      await (puts ? putting : taking)(all, place, random(seed));
    } catch (error) {
      console.error(error);
      fault(all, "an unexpected error");
    }
  },
);
