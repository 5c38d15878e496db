/**
 * `lanes exec messages.ts SCALE`: queues and pools, µs for each item or call (pool: to the first result), as one line of JSON.
 * messages.py is the same in Python.
 */
import { Pool, Process, Queue } from "lanes";

function square(x: number): number {
  return x * x;
}

/** Takes so many, and says when the last had come. */
async function take(queue: Queue<Uint8Array>, back: Queue<number>, n: number) {
  await queue.get();
  await back.put(0); // it runs
  for (let i = 0; i < n; i++) await queue.get();
  await back.put(1);
}

async function answer(ask: Queue<number>, reply: Queue<number>, n: number) {
  for (let i = 0; i <= n; i++) await reply.put(await ask.get());
}

if (import.meta.main) {
  const scale = Number(process.argv[2] ?? 1);
  const some = (n: number) => Math.max(1, Math.round(n * scale));
  const results: Record<string, number> = {};
  const row = async (name: string, n: number, work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    results[name] = ((performance.now() - began) / n) * 1e3;
  };

  for (const [name, bytes, n] of [
    ["queue 1 to 1, items of 100 B", 100, some(200_000)],
    ["queue 1 to 1, items of 64 KiB", 65_536, some(5_000)],
  ] as const) {
    const [queue, back] = [new Queue<Uint8Array>(), new Queue<number>()];
    const item = new Uint8Array(bytes);
    const child = new Process({ target: take, args: [queue, back, n] }).start();
    await queue.put(item);
    await back.get();
    await row(name, n, async () => {
      for (let i = 0; i < n; i++) await queue.put(item);
      await back.get();
    });
    await child.join();
  }
  {
    const [ask, reply, n] = [new Queue<number>(), new Queue<number>(), some(5_000)];
    const child = new Process({ target: answer, args: [ask, reply, n] }).start();
    await ask.put(0);
    await reply.get();
    await row("round trip between two processes, by queues", n, async () => {
      for (let i = 0; i < n; i++) {
        await ask.put(i);
        await reply.get();
      }
    });
    await child.join();
  }
  const items = (n: number) => Array.from({ length: n }, (_, i) => i);
  let pool: Pool | undefined;
  await row("pool of 2: to the first result", 1, async () => {
    pool = new Pool(2);
    await pool.apply(square, 7);
  });
  const warm = pool as Pool;
  await warm.map(square, items(100), { chunkSize: 1 });
  const [calls, mapped, streamed] = [some(5_000), some(1_000_000), some(20_000)];
  await row("pool: apply", calls, async () => {
    for (let i = 0; i < calls; i++) await warm.apply(square, i);
  });
  await row("pool: map, automatic chunks", mapped, () => warm.map(square, items(mapped)));
  await row("pool: map, chunks of 1", streamed, () => warm.map(square, items(streamed), { chunkSize: 1 }));
  await row("pool: imap", streamed, async () => {
    for await (const result of warm.imap(square, items(streamed))) if (result < 0) throw new Error("wrong");
  });
  warm.terminate();
  console.log(JSON.stringify(results));
}
