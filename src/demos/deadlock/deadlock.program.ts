import { Barrier, Lock, Process } from "lanes";

async function withBoth(first: Lock, second: Lock, barrier: Barrier | null, patience: number, work: number) {
  await first.acquire();
  await barrier?.wait(); // now each process holds one
  const got = await second.acquire({ timeout: patience });
  if (got) {
    await Bun.sleep(work);
    second.release();
  }
  first.release();
  console.log(`process ${process.pid} with ${first.name} ${got ? "got" : "gave up"} ${second.name}`);
  return got;
}

async function run(
  title: string,
  pairs: (readonly [Lock, Lock])[],
  barrier: Barrier | null,
  patience: number,
  work: number,
) {
  const begin = performance.now();
  const children = pairs.map(([first, second]) =>
    new Process({ target: withBoth, args: [first, second, barrier, patience, work] }).start(),
  );
  const got = await Promise.all(children.map((child) => child.result));
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${title}: ${got.filter(Boolean).length} of ${pairs.length} had both locks, after ${seconds} s`);
}

if (import.meta.main) {
  const [procs, patience, work] = [2, 1000, 100]; // patience, work: ms
  const locks = Array.from({ length: procs }, () => new Lock());
  // Each wants the next one's, the last the first one's.
  const circle = locks.map((lock, i) => [lock, locks[(i + 1) % procs] as Lock] as const);
  await run("in a circle", circle, new Barrier(procs), patience, work);
  const inOrder = circle.map((pair) => locks.filter((lock) => pair.includes(lock)) as [Lock, Lock]);
  await run("in one order", inOrder, null, Number.POSITIVE_INFINITY, work);
}
