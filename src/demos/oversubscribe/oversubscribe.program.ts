import { Barrier, cpuCount, Process } from "lanes";

function throwDarts(times: number) {
  let hits = 0;
  for (let i = 0; i < times; i++) if (Math.random() ** 2 + Math.random() ** 2 < 1) hits += 1;
  return hits;
}

async function work(times: number, together: Barrier) {
  await together.wait(); // starting the processes is not counted
  const [begin, before] = [Date.now(), process.resourceUsage().involuntaryContextSwitches];
  throwDarts(times);
  const switches = process.resourceUsage().involuntaryContextSwitches - before;
  return { begin, end: Date.now(), switches }; // how often the kernel took the core away
}

async function run(count: number, times: number) {
  const together = new Barrier(count);
  const children = Array.from({ length: count }, () =>
    new Process({ target: work, args: [Math.floor(times / count), together] }).start(),
  );
  const done = await Promise.all(children.map((child) => child.result));
  const ms = Math.max(...done.map(({ end }) => end)) - Math.min(...done.map(({ begin }) => begin));
  const switches = done.reduce((sum, each) => sum + each.switches, 0);
  console.log(`${count} processes: ${ms} ms, ${switches} involuntary switches`);
}

if (import.meta.main) {
  const [procs, cpu, samples] = [16, 200, 2]; // cpu: ms of one core, the whole work
  const cores = cpuCount();
  const begin = process.cpuUsage().user;
  throwDarts(1_000_000);
  const times = (1_000_000 * cpu * 1000) / Math.max(1000, process.cpuUsage().user - begin); // as many as take one core that long
  const counts = new Set([1, cores, 2 * cores, 4 * cores].filter((count) => count < procs)).add(procs);
  for (let sample = 0; sample < samples; sample++) for (const count of counts) await run(count, times);
}
