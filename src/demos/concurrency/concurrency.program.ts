import { Process } from "lanes";

async function waitFor(ms: number) {
  await Bun.sleep(ms);
}

async function oneAfterAnother(children: Process<void, [number]>[]) {
  for (const child of children) await child.start().join();
}

async function together(children: Process<void, [number]>[]) {
  for (const child of children) child.start();
  for (const child of children) await child.join();
}

if (import.meta.main) {
  const [procs, wait] = [4, 100]; // wait: ms; each other process as much longer
  for (const way of [oneAfterAnother, together]) {
    const children = Array.from({ length: procs }, (_, i) => {
      return new Process({ target: waitFor, args: [(procs - i) * wait] });
    });
    const begin = performance.now();
    await way(children);
    console.log(`${way.name}: ${((performance.now() - begin) / 1000).toFixed(2)} s`);
  }
}
