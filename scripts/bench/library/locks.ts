/**
 * Compiled by scripts/bench-library.ts: what locks and values cost, µs each, as one line of JSON. `locks SCALE`: 1 for the usual
 * counts. locks.py is the same in Python.
 */
import { Barrier, Event, Lock, RLock, revive, Semaphore, SharedArray, SharedValue } from "../../../src/memory/index.ts";
import { defineTarget, Process } from "../../../src/process/index.ts";
import { WORKER_SENTINEL } from "../../../src/process/sentinels.ts";
import { runWorker } from "../../../src/process/worker.ts";

const contend = defineTarget("library#contend", async (handles: unknown, n: number) => {
  const [lock, ready, start] = (await revive(handles)) as [Lock, Semaphore, Event];
  ready.release();
  await start.wait();
  for (let i = 0; i < n; i++) {
    await lock.acquire();
    lock.release();
  }
});
const meet = defineTarget("library#meet", async (handles: unknown, n: number) => {
  const [barrier] = (await revive(handles)) as [Barrier];
  for (let i = 0; i < n; i++) await barrier.wait();
});
const answer = defineTarget("library#answer", async (handles: unknown, n: number) => {
  const [ask, reply] = (await revive(handles)) as [Semaphore, Semaphore];
  for (let i = 0; i < n; i++) {
    await ask.acquire();
    reply.release();
  }
});
if (process.argv[2] === WORKER_SENTINEL) process.exit(await runWorker(async () => {}));

const scale = Number(process.argv[2] ?? 1);
const some = (n: number) => Math.max(1, Math.round(n * scale));
const results: Record<string, number> = {};
/** Time on processors of this process, all its threads, ms: what one process does alone is no matter of how busy the machine is. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
async function row(name: string, n: number, work: (n: number) => unknown, clock = cpuMs): Promise<void> {
  // Once to warm up: what compiles while it runs is to have compiled.
  if (clock === cpuMs) await work(n);
  const began = clock();
  await work(n);
  results[name] = ((clock() - began) / n) * 1e3;
}
const wall = () => performance.now();

const lock = new Lock();
void lock.$lanes; // as everywhere where somebody else has it, too
await lock.acquire();
const next = lock.acquire();
lock.release();
await next; // the hub is there
lock.release();
await row("lock, nobody else: tryAcquire + release", some(300_000), (n) => {
  for (let i = 0; i < n; i++) {
    lock.tryAcquire();
    lock.release();
  }
});
await row("lock, nobody else: acquire + release", some(300_000), async (n) => {
  for (let i = 0; i < n; i++) {
    await lock.acquire();
    lock.release();
  }
});
const rlock = new RLock();
await row("rlock, nobody else", some(50_000), async (n) => {
  for (let i = 0; i < n; i++) await rlock.with(() => {});
});
const semaphore = new Semaphore(2);
await row("semaphore, nobody else", some(200_000), async (n) => {
  for (let i = 0; i < n; i++) {
    await semaphore.acquire();
    semaphore.release();
  }
});
const value = new SharedValue("int32", 0);
await row("value += 1 under its lock", some(200_000), async (n) => {
  for (let i = 0; i < n; i++) {
    await value.lock.acquire();
    value.value += 1;
    value.lock.release();
  }
});
await row("value.add(1)", some(200_000), (n) => {
  for (let i = 0; i < n; i++) value.add(1);
});
const array = new SharedArray("float64", 1000);
await row("array: store one number", some(1_000_000), (n) => {
  const { data } = array;
  for (let i = 0; i < n; i++) data[i % 1000] = i;
});

const processes = 4;
const [ready, start] = [new Semaphore(0), new Event()];
const each = some(10_000);
const all = Array.from({ length: processes }, () =>
  new Process({ target: contend, args: [[lock, ready, start], each] }).start(),
);
for (let i = 0; i < processes; i++) await ready.acquire();
const loop = async () => {
  start.set();
  for (const one of all) await one.join();
};
await row(`lock, ${processes} processes in a loop`, processes * each, loop, wall);

const [ask, reply] = [new Semaphore(0), new Semaphore(0)];
const trips = some(3000);
const other = new Process({ target: answer, args: [[ask, reply], trips + 1] }).start();
ask.release();
await reply.acquire();
const travel = async (n: number) => {
  for (let i = 0; i < n; i++) {
    ask.release();
    await reply.acquire();
  }
};
await row("round trip between two processes, by semaphores", trips, travel, wall);
await other.join();

const barrier = new Barrier(processes);
const phases = some(1000);
const meeting = Array.from({ length: processes - 1 }, () =>
  new Process({ target: meet, args: [[barrier], phases + 1] }).start(),
);
await barrier.wait();
const pass = async (n: number) => {
  for (let i = 0; i < n; i++) await barrier.wait();
};
await row(`barrier, a phase of ${processes} processes`, phases, pass, wall);
for (const one of meeting) await one.join();
console.log(JSON.stringify(results));
process.exit(0);
