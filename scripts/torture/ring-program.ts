/**
 * Made by torture-ring.ts: shares queues, starts processes that put and that take, kills and stops them at random, and looks what
 * has become of the items. `ring-program SECONDS KILLS PROCS SEED`; prints a summary as JSON; exit code 1 if something was wrong.
 */
import "../../tests/support/words.ts";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "../../src/api/queue.ts";
import { random } from "../../src/explore/schedule/random.ts";
import { SharedArray, SharedValue } from "../../src/memory/index.ts";
import { Process } from "../../src/process/index.ts";
import { WORKER_SENTINEL } from "../../src/process/sentinels.ts";
import { runWorker } from "../../src/process/worker.ts";
import { faultNames, type Item, type Shared, worker } from "./ring-worker.ts";

/** Who does nothing for so long is stuck, ms: on a busy machine all is slow. */
const STUCK_MS = 60_000;
const MOST_WORKERS = 100_000;
/** So much is done between two kills. */
const STEPS = 20;

if (process.argv[2] === WORKER_SENTINEL) process.exit(await runWorker(async () => {}));

const [seconds = 5, mostKills = 5, procs = 6, seed = 1] = process.argv.slice(2).map(Number);
const next = random(seed);
const all: Shared = {
  queues: [new Queue<Item>(), new Queue<Item>(3)],
  acks: new SharedArray("int32", MOST_WORKERS * 2),
  puts: new SharedValue("int32", 0),
  gets: new SharedValue("int32", 0),
  faults: new SharedArray("int32", faultNames.length),
  end: new SharedValue("int32", 0),
  folder: mkdtempSync(join(tmpdir(), "torture-ring-")),
};
const wrong: string[] = [];
let [started, kills, killedConsumers, killedProducers, stops] = [0, 0, 0, 0, 0];
interface Worker {
  readonly process: Process;
  readonly puts: boolean;
}
const workers: Worker[] = [];

function start(at: number, puts: boolean): void {
  const args = [all, started++, puts, Math.floor(next() * 2 ** 32)];
  workers[at] = { puts, process: new Process({ target: worker, args }).start() };
}

const faults = () => all.faults.data.reduce((sum, count) => sum + count, 0) + wrong.length;

/** Waits until it is so. @returns false if it is not for long. */
async function until(isSo: () => boolean): Promise<boolean> {
  for (const late = performance.now() + STUCK_MS; !isSo(); await Bun.sleep(1))
    if (performance.now() > late) return false;
  return true;
}

async function torture(): Promise<void> {
  for (let at = 0; at < procs; at++) start(at, at % 2 === 0);
  const over = performance.now() + seconds * 1e3;
  while (kills < mostKills && performance.now() < over && faults() === 0) {
    const [puts, gets] = [all.puts.value + STEPS, all.gets.value + STEPS];
    if (!(await until(() => all.puts.value >= puts && all.gets.value >= gets))) {
      wrong.push("nothing goes on");
      return;
    }
    const at = Math.floor(next() * procs);
    const victim = workers[at]!;
    if (next() < 0.2 && victim.process.pid !== null) {
      stops++;
      process.kill(victim.process.pid, "SIGSTOP");
      await Bun.sleep(next() * 10);
      process.kill(victim.process.pid, "SIGCONT");
      continue;
    }
    await Bun.sleep(next() * 3);
    kills++;
    if (victim.puts) killedProducers++;
    else killedConsumers++;
    victim.process.kill();
    start(at, victim.puts);
  }
}

/** Those who put end; then the queues are closed, and those who take end when they are empty. */
async function end(): Promise<void> {
  all.end.value = 1;
  for (const puts of [true, false]) {
    if (!puts) for (const queue of all.queues) queue.close();
    const these = workers.filter((each) => each.puts === puts).map((each) => each.process);
    if (!(await until(() => these.every(({ isAlive }) => !isAlive))))
      wrong.push(`${puts ? "who puts" : "who takes"} does not end`);
    for (const each of these) {
      if (!each.isAlive && each.exitCode !== 0)
        wrong.push(`${each.name} ended with ${each.exitCode ?? each.signal}: ${each.error?.message}`);
      each.kill();
      await each.join();
    }
  }
}

/** What was put and what was taken. */
function compare() {
  const taken = new Map<string, number>();
  for (const name of readdirSync(all.folder)) {
    const bytes = readFileSync(join(all.folder, name));
    const lines = new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 12) * 3);
    for (let at = 0; at < lines.length; at += 3) {
      const key = lines.subarray(at, at + 3).join();
      taken.set(key, (taken.get(key) ?? 0) + 1);
    }
  }
  let [put, lost] = [0, 0];
  const seen = new Set<string>();
  for (let place = 0; place < started; place++)
    for (const which of [0, 1]) {
      const acked = all.acks.data[place * 2 + which]!;
      put += acked;
      for (let n = 1; n <= acked; n++) {
        const key = `${which},${place},${n}`;
        seen.add(key);
        if (!taken.has(key)) lost++;
      }
      // One more may be in it: who put it was killed before it could say so.
      seen.add(`${which},${place},${acked + 1}`);
    }
  const doubled = [...taken.values()].filter((times) => times > 1).length;
  const unknown = [...taken.keys()].filter((key) => !seen.has(key)).length;
  if (doubled > 0) wrong.push(`${doubled} items were taken twice`);
  if (unknown > 0) wrong.push(`${unknown} items were taken that nobody put`);
  // Who takes has one item of each queue in hand at most.
  if (lost > 2 * killedConsumers) wrong.push(`${lost} items are lost, by ${killedConsumers} killed consumers`);
  return { put, taken: taken.size, lost, doubled };
}

await torture();
const early = faults();
await end();
const counts = early === 0 ? compare() : {};
rmSync(all.folder, { recursive: true, force: true });
const found = [...faultNames.filter((_, n) => all.faults.data[n] !== 0), ...wrong];
console.log(
  JSON.stringify({
    seed,
    procs,
    kills,
    killedProducers,
    killedConsumers,
    stops,
    ...counts,
    violations: found.length,
    found,
  }),
);
process.exit(found.length > 0 ? 1 : 0);
