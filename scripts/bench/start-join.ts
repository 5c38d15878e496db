/**
 * Compiled by scripts/bench.ts: starts and joins an empty function N times, in turn with spawning the yardstick, and prints
 * both as JSON: {"process": [ms …], "spawn": [ms …], "workerRssKb": …}. `start-join N EMPTY_PROGRAM`.
 */
import { defineTarget, Process } from "../../src/process/index.ts";
import { WORKER_SENTINEL } from "../../src/process/sentinels.ts";
import { runWorker } from "../../src/process/worker.ts";

const nothing = defineTarget("bench#nothing", () => {});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

if (process.argv[2] === WORKER_SENTINEL) process.exit(await runWorker(async () => {}));

const [rounds, empty] = [Number(process.argv[2]), process.argv[3] ?? ""];
const result = { process: [] as number[], spawn: [] as number[], workerRssKb: 0 };
for (let i = 0; i < rounds; i++) {
  const child = new Process({ target: nothing });
  result.process.push(await timed(() => child.start().join()));
  result.spawn.push(await timed(() => Bun.spawn([empty], { stdio: ["ignore", "inherit", "inherit"] }).exited));
  result.workerRssKb = Math.max(result.workerRssKb, child.usage?.maxRssKb ?? 0);
}
console.log(JSON.stringify(result));
