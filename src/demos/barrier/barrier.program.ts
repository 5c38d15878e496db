import { Barrier, Process } from "lanes";

async function workThrough(me: number, procs: number, rounds: number, work: number, barrier: Barrier | null) {
  for (let phase = 0; phase < rounds; phase++) {
    const slow = phase % procs === me; // in every phase it is another one's turn to be slow
    await Bun.sleep((slow ? 3 : 1) * work);
    await barrier?.wait(); // nobody goes on before all have come
  }
}

async function run(title: string, procs: number, rounds: number, work: number, barrier: Barrier | null) {
  const begin = performance.now();
  const children = Array.from({ length: procs }, (_, me) =>
    new Process({ target: workThrough, args: [me, procs, rounds, work, barrier] }).start(),
  );
  for (const child of children) await child.join();
  console.log(`${title}: ${Math.round(performance.now() - begin)} ms`);
}

if (import.meta.main) {
  const [procs, rounds, work] = [4, 4, 40]; // work: ms
  await run("without a barrier", procs, rounds, work, null);
  await run("with a barrier", procs, rounds, work, new Barrier(procs));
  // If one of them is killed, the others are told: wait() throws BrokenBarrier, which names it.
}
