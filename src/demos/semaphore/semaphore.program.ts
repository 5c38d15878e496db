import { Lock, Process, Semaphore, SharedArray } from "lanes";

async function visit(semaphore: Semaphore, rounds: number, work: number, seen: SharedArray<"int32">, lock: Lock) {
  for (let round = 0; round < rounds; round++) {
    using _ = await semaphore.hold(); // as many may be in as it was made for
    await lock.with(() => {
      const inside = (seen.data[0] ?? 0) + 1;
      seen.data.set([inside, Math.max(seen.data[1] ?? 0, inside)]);
    });
    await Bun.sleep(work);
    await lock.with(() => seen.add(0, -1));
  }
  console.log(`process ${process.pid} was in ${rounds} times`);
}

if (import.meta.main) {
  const [procs, slots, rounds, work] = [6, 2, 3, 60]; // work: ms
  const [semaphore, lock] = [new Semaphore(slots), new Lock()];
  const seen = new SharedArray("int32", [0, 0]); // how many are inside, and the most there were
  const begin = performance.now();
  const children = Array.from({ length: procs }, () =>
    new Process({ target: visit, args: [semaphore, rounds, work, seen, lock] }).start(),
  );
  for (const child of children) await child.join();
  console.log(`at most ${seen.data[1]} at once, ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  // A process that is killed inside gives its slot back.
}
