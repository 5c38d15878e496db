/**
 * Compiled by torture-word.ts: shares one of everything, starts workers, kills and stops them at random, and looks whether it all
 * goes on. `word-program SECONDS KILLS PROCS SEED`; prints a summary as JSON; exit code 1 if something was wrong.
 */

import "../../tests/support/words.ts";
import { random } from "../../src/explore/schedule/random.ts";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  RLock,
  SharedArray,
  SharedValue,
} from "../../src/memory/index.ts";
import { Process } from "../../src/process/index.ts";
import { WORKER_SENTINEL } from "../../src/process/sentinels.ts";
import { runWorker } from "../../src/process/worker.ts";
import { faultNames, kinds, LOCKS, PERMITS, type Shared, Tormented, worker } from "./word-worker.ts";

/** What takes so long is stuck: ms that were ours to look in, for on a busy machine all is slow. */
const STUCK_MS = 2500;
const LOOK_MS = 50;
/** As many workers as there can be lines for. */
const MOST_WORKERS = 100_000;

if (process.argv[2] === WORKER_SENTINEL) process.exit(await runWorker(async () => {}));

const [seconds = 5, mostKills = 5, procs = 6, seed = 1] = process.argv.slice(2).map(Number);
const next = random(seed);
const all: Shared = {
  locks: Array.from({ length: LOCKS }, () => new Lock()),
  rlock: new RLock(),
  semaphore: new BoundedSemaphore(PERMITS),
  condition: new Condition(),
  event: new Event(),
  barrier: new Barrier(2),
  inside: new SharedArray("int32", LOCKS + 1 + PERMITS),
  counts: new SharedArray("int32", LOCKS + 1),
  items: new SharedValue("int32", 0),
  atomic: new SharedValue("float64", 0),
  done: new SharedArray("int32", kinds.length),
  acks: new SharedArray("int32", MOST_WORKERS * (LOCKS + 1)),
  faults: new SharedArray("int32", faultNames.length),
  end: new SharedValue("int32", 0),
};

const workers: Process[] = [];
const wrong: string[] = [];
let [started, kills, stops] = [0, 0, 0];
const myPlace = started++;
const faults = () => all.faults.data.reduce((sum, count) => sum + count, 0) + wrong.length;

function start(place: number): void {
  workers[place] = new Process({ target: worker, args: [all, started++, Math.floor(next() * 2 ** 32)] }).start();
}

/** Does one kind again and again, in this process, which nobody kills: what it once has begun has to come to an end. */
class Probe {
  #done = 0;
  #lookedAt = -1;
  #forMs = 0;
  readonly ended: Promise<void>;

  constructor(readonly kind: number) {
    this.ended = this.#run(new Tormented(all, myPlace, random(kind), false));
  }

  isStuck(passedMs: number): boolean {
    this.#forMs = this.#lookedAt === this.#done ? this.#forMs + passedMs : 0;
    this.#lookedAt = this.#done;
    return this.#forMs > STUCK_MS;
  }

  async #run(mine: Tormented): Promise<void> {
    while (all.end.value === 0) {
      await mine.step(this.kind);
      this.#done++;
      await Bun.sleep(5);
    }
  }
}

/** Resolves when so much was done, or nothing much is. */
async function someWork(steps: number): Promise<void> {
  const sum = () => all.done.data.reduce((total, count) => total + count, 0);
  const enough = sum() + steps;
  for (const until = performance.now() + 4 * LOOK_MS; sum() < enough && performance.now() < until; ) await Bun.sleep(2);
}

async function torture(): Promise<void> {
  for (let place = 0; place < procs; place++) start(place);
  const probes = kinds.map((_, kind) => new Probe(kind));
  let lookedMs = performance.now();
  const until = performance.now() + seconds * 1e3;
  while (performance.now() < until && kills < mostKills && faults() === 0 && started < MOST_WORKERS) {
    await someWork(next() * 40);
    const passedMs = Math.min(performance.now() - lookedMs, 2 * LOOK_MS);
    lookedMs = performance.now();
    for (const probe of probes) if (probe.isStuck(passedMs)) wrong.push(`stuck: ${kinds[probe.kind]}`);
    const place = Math.floor(next() * procs);
    const victim = workers[place]!;
    if (next() < 0.2) {
      stops++;
      if (victim.pid !== null && victim.isAlive) process.kill(victim.pid, "SIGSTOP");
      await Bun.sleep(next() * 10);
      if (victim.pid !== null && victim.isAlive) process.kill(victim.pid, "SIGCONT");
    } else {
      kills++;
      victim.kill();
      start(place);
    }
    if (next() < 0.1) all.event.set();
    // The hub does not need this thread.
    if (next() < 0.05) for (const busy = performance.now() + 30; performance.now() < busy; );
  }
}

/** Everybody is told to end, and then has to: nobody waits for what never comes. */
async function end(): Promise<void> {
  all.end.value = 1;
  for (let leftMs = STUCK_MS; workers.some(({ isAlive }) => isAlive) && leftMs > 0; ) {
    const beganMs = performance.now();
    all.event.set();
    await all.condition.acquire({ timeout: 5 }).then((has) => {
      if (!has) return;
      all.condition.notifyAll();
      all.condition.release();
    });
    await Bun.sleep(5);
    leftMs -= Math.min(performance.now() - beganMs, 15);
  }
  for (const each of workers) {
    if (each.isAlive) wrong.push(`${each.name} does not end`);
    else if (each.exitCode !== 0 && each.signal !== "SIGKILL")
      wrong.push(`${each.name} ended with ${each.exitCode ?? each.signal}: ${each.error?.message}`);
    each.kill();
    await each.join();
  }
}

/** What was added under a lock and what its adders say: one may be killed between adding and saying. */
function checkCounts(): number {
  const { acks, counts } = all;
  let added = 0;
  for (let place = 0; place <= LOCKS; place++) {
    let said = 0;
    for (let each = 0; each < started; each++) said += acks.data[each * (LOCKS + 1) + place]!;
    const there = counts.data[place]!;
    if (there < said || there > said + kills) wrong.push(`lock ${place}: ${said} were added, ${there} are there`);
    added += there;
  }
  return added;
}

/** Whatever anybody held is free. */
function checkFree(): void {
  for (const [place, lock] of all.locks.entries()) if (lock.isLocked) wrong.push(`lock ${place} is held by nobody`);
  if (all.rlock.isLocked) wrong.push("the rlock is held by nobody");
  if (all.semaphore.value !== PERMITS) wrong.push(`${all.semaphore.value} of ${PERMITS} permits are free`);
}

await torture();
const early = faults();
await end();
const acquisitions = checkCounts();
if (early === 0) {
  for (let tries = 0; tries < 100 && all.locks.some(({ isLocked }) => isLocked); tries++) await Bun.sleep(5);
  checkFree();
}
const found = [...faultNames.filter((_, fault) => all.faults.data[fault] !== 0), ...wrong];
const done = Object.fromEntries(kinds.map((kind, n) => [kind, all.done.data[n]]));
console.log(JSON.stringify({ seed, procs, kills, stops, acquisitions, done, violations: found.length, found }));
process.exit(found.length > 0 ? 1 : 0);
