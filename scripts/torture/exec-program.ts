/**
 * The program that torture-exec.ts has `lanes exec` run: everything a program can share is used by several processes at once, one of
 * which is killed every few moments. Two in one section, a permit too many, an addition lost without a death, or anybody who
 * no longer goes on, is a violation.
 *
 * Arguments: seconds, kills at most, processes, seed, ms without progress that count as stuck, mutant.
 */
import type * as lanes from "lanes";
import {
  Barrier,
  BrokenBarrier,
  Condition,
  Event,
  FileLock,
  Lock,
  Process,
  RLock,
  Semaphore,
  SharedArray,
} from "lanes";
import { below, random } from "../../src/explore/schedule/random.ts";

const SLOTS = 2;
/** ms; whoever waits for what a dead process would have done tries again. */
const SHORT = 20;

interface Shared {
  readonly lock: Lock;
  readonly rlock: RLock;
  readonly file: FileLock;
  readonly semaphore: Semaphore;
  readonly condition: Condition;
  readonly event: Event;
  readonly barrier: Barrier;
  /**
   * Who is in: a word for the lock, one for the file lock; then a word a process: whether it has a permit; then who is being killed:
   * its permit comes back before anybody can say so here.
   */
  readonly inside: SharedArray<"int32">;
  /** The sum, added to in two steps under the lock; then a word a process: what it has added; then one: its rounds. */
  readonly counts: SharedArray<"int32">;
  /** Set by the first violation, which is the last thing that happens. */
  readonly violated: Event;
}

function violation({ violated }: Pick<Shared, "violated">, text: string): void {
  console.log(`violation: ${text}`);
  violated.set();
}

/** Who comes in finds nobody there, but for the remains of one that died. */
function enter(shared: Shared, at: number, me: number, recovered: boolean): void {
  const other = shared.inside.data[at];
  if (other !== 0 && !recovered) violation(shared, `${me} is in (${at}) beside ${other}`);
  shared.inside.data[at] = me;
}

async function work(me: number, procs: number, shared: Shared, ownLock: boolean) {
  const { rlock, file, semaphore, condition, event, barrier, inside, counts } = shared;
  const lock = ownLock ? new Lock() : shared.lock;
  for (;;) {
    {
      using held = await lock.hold();
      enter(shared, 0, me, held.recovered);
      const sum = counts.data[0] ?? 0;
      await Bun.sleep(0);
      counts.data[0] = sum + 1;
      counts.add(me, 1);
      inside.data[0] = 0;
    }
    {
      using held = await file.hold();
      enter(shared, 1, me, held.recovered);
      await Bun.sleep(0);
      inside.data[1] = 0;
    }
    await rlock.with(() => rlock.with(() => Bun.sleep(0)));
    {
      using _ = await semaphore.hold();
      inside.data[1 + me] = 1;
      const permits = inside.data.slice(2, 2 + procs);
      const many = permits.filter((each, i) => each === 1 && i + 1 !== inside.data[2 + procs]).length;
      if (many > SLOTS) violation(shared, `${many} have a permit of ${SLOTS}`);
      await Bun.sleep(0);
      inside.data[1 + me] = 0;
    }
    await condition.with(async () => {
      condition.notify();
      await condition.wait({ timeout: SHORT });
    });
    if (await event.wait({ timeout: SHORT })) event.clear();
    else event.set();
    try {
      await barrier.wait({ timeout: SHORT });
    } catch (error) {
      if (!(error instanceof BrokenBarrier)) throw error;
      barrier.reset();
    }
    counts.add(procs + me, 1);
  }
}

if (import.meta.main) {
  const [seconds = 10, kills = 1e9, procs = 4, seed = 1, patience = 60_000] = process.argv.slice(2, 7).map(Number);
  const mutant = process.argv[7];
  const chance = random(seed);
  const lock = new Lock();
  const shared: Shared = {
    lock,
    rlock: new RLock(),
    file: new FileLock("torture.lock"),
    semaphore: new Semaphore(SLOTS),
    condition: new Condition(),
    event: new Event(),
    barrier: new Barrier(2),
    inside: new SharedArray("int32", 3 + procs),
    counts: new SharedArray("int32", 1 + 2 * procs),
    violated: new Event(),
  };
  const start = (me: number) => new Process({ target: work, args: [me, procs, shared, mutant === "own-lock"] }).start();
  const all = Array.from({ length: procs }, (_, i) => start(i + 1));
  const rounds = () => [...shared.counts.data.slice(1 + procs)];
  // Who is killed before its hub listens leaves a folder that could be one in the making: that is another matter, for a minute.
  const upMs = performance.now() + 30_000;
  while (rounds().every((round) => round === 0) && performance.now() < upMs) await Bun.sleep(5);
  console.log(`up ${(lock.$lanes as { hub: string }).hub}`);
  if (mutant === "stopped") process.kill(all[0]?.pid ?? 0, "SIGSTOP");
  const until = performance.now() + seconds * 1000;
  let killed = 0;
  let stuck = false;
  while (!stuck && !shared.violated.isSet && killed < kills && performance.now() < until) {
    // Everybody gets round before the next one dies: so nobody is stuck.
    const before = rounds();
    const began = performance.now();
    while (rounds().some((each, i) => each === before[i]) && !stuck && !shared.violated.isSet) {
      await Bun.sleep(1);
      stuck = performance.now() - began > patience;
    }
    if (stuck || shared.violated.isSet) break;
    await Bun.sleep(below(chance, 10));
    const at = below(chance, procs);
    const victim = all[at] as lanes.Process;
    shared.inside.data[2 + procs] = at + 1;
    victim.kill();
    await victim.join();
    killed += 1;
    shared.inside.data[2 + at] = 0;
    shared.inside.data[2 + procs] = 0;
    all[at] = start(at + 1);
  }
  if (stuck) violation(shared, `nobody may be stuck, and rounds are ${rounds()}`);
  for (const each of all) each.kill();
  for (const each of all) await each.join();
  const [sum = 0, ...each] = shared.counts.data.slice(0, 1 + procs);
  const added = each.reduce((a, b) => a + b, 0);
  // Who died between the two steps of an addition has made the sum one more than what was noted.
  if (sum < added || sum > added + killed + procs)
    console.log(`violation: ${added} additions came to ${sum}, ${killed} kills`);
  console.log(JSON.stringify({ kills: killed, additions: added, rounds: rounds().reduce((a, b) => a + b, 0) }));
}
