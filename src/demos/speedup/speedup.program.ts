import { Barrier, Process } from "lanes";

function hitsOf(throws: number) {
  let hits = 0;
  for (let i = 0; i < throws; i++) if (Math.random() ** 2 + Math.random() ** 2 < 1) hits += 1;
  return hits;
}

async function work(throws: number, together: Barrier) {
  await together.wait(); // starting the processes is not counted
  const begin = Date.now();
  return { hits: hitsOf(throws), begin, end: Date.now() };
}

if (import.meta.main) {
  const [procs, cpu, samples] = [3, 200, 3]; // cpu: ms of one core, the whole work
  const begin = process.cpuUsage().user;
  hitsOf(1_000_000);
  const throws = (1_000_000 * cpu * 1000) / Math.max(1000, process.cpuUsage().user - begin); // as many as take one core that long
  for (let count = 1; count <= procs; count++) {
    for (let sample = 0; sample < samples; sample++) {
      const together = new Barrier(count);
      const children = Array.from({ length: count }, () =>
        new Process({ target: work, args: [throws / count, together] }).start(),
      );
      const done = await Promise.all(children.map((child) => child.result));
      const ms = Math.max(...done.map(({ end }) => end)) - Math.min(...done.map(({ begin }) => begin));
      const hits = done.reduce((sum, each) => sum + each.hits, 0);
      console.log(`${count} processes: ${ms} ms, pi is about ${((4 * hits) / throws).toFixed(2)}`);
    }
  }
}
