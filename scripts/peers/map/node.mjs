// `node node.mjs piscina|tinypool|workerpool`: reads lines, maps each on two workers, prints results as JSON lines in order.
// As a user of these libraries would write it: a bounded number of items in flight, results printed in the items' order.
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const WORKERS = 2;
const IN_FLIGHT = 1024;
const task = fileURLToPath(new URL("./task.mjs", import.meta.url));

async function open(name) {
  if (name === "piscina") {
    const { Piscina } = await import("piscina");
    const pool = new Piscina({ filename: task, minThreads: WORKERS, maxThreads: WORKERS, concurrentTasksPerWorker: 8 });
    return [(line) => pool.run(line), () => pool.destroy()];
  }
  if (name === "tinypool") {
    const { Tinypool } = await import("tinypool");
    const pool = new Tinypool({ filename: task, runtime: "child_process", minThreads: WORKERS, maxThreads: WORKERS });
    return [(line) => pool.run(line), () => pool.destroy()];
  }
  const { default: workerpool } = await import("workerpool");
  const pool = workerpool.pool(task, { workerType: "process", minWorkers: WORKERS, maxWorkers: WORKERS });
  return [(line) => pool.exec("double", [line]), () => pool.terminate()];
}

const [run, close] = await open(process.argv[2]);
const waiting = [];
let out = "";
const print = async () => {
  out += `${JSON.stringify(await waiting.shift())}\n`;
  if (out.length > 65536) {
    if (!process.stdout.write(out)) await new Promise((drained) => process.stdout.once("drain", drained));
    out = "";
  }
};
for await (const line of createInterface({ input: process.stdin })) {
  waiting.push(run(line));
  if (waiting.length >= IN_FLIGHT) await print();
}
while (waiting.length > 0) await print();
await new Promise((written) => process.stdout.write(out, written));
await close();
process.exit(0);
