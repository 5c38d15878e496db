/**
 * What a tortured process does until it is killed or told to end: all there is, in random order, checking each time that what
 * holds, holds. It says what does not in the array `faults`.
 */
import { readFileSync } from "node:fs";
import { random } from "../../src/explore/schedule/random.ts";
import {
  type Barrier,
  type BoundedSemaphore,
  BrokenBarrier,
  type Condition,
  type Event,
  type Lock,
  type RLock,
  revive,
  type SharedArray,
  type SharedValue,
} from "../../src/memory/index.ts";
import { defineTarget } from "../../src/process/index.ts";

export const LOCKS = 2;
export const PERMITS = 3;
/** What can go wrong; the driver adds what it sees itself. */
export const faultNames = [
  "two had a lock at once",
  "a release found the lock held by somebody else",
  "more had a permit than there are",
  "a barrier named a process that lives",
  "an unexpected error",
] as const;
/** What is done, each counted. */
export const kinds = [
  ...Array.from({ length: LOCKS }, (_, place) => `lock ${place}`),
  ...["rlock", "semaphore", "condition", "event", "barrier", "value"],
];

export interface Shared {
  readonly locks: readonly Lock[];
  readonly rlock: RLock;
  readonly semaphore: BoundedSemaphore;
  readonly condition: Condition;
  readonly event: Event;
  readonly barrier: Barrier;
  /** The pid of whoever is in: a place a lock, one for the rlock, one a permit. */
  readonly inside: SharedArray<"int32">;
  /** Added to under a lock, without Atomics: what is lost is lost. */
  readonly counts: SharedArray<"int32">;
  readonly items: SharedValue<"int32">;
  readonly atomic: SharedValue<"float64">;
  /** How often each kind was done. */
  readonly done: SharedArray<"int32">;
  /** What a worker has added, a line of LOCKS + 1 each: only it writes there. */
  readonly acks: SharedArray<"int32">;
  readonly faults: SharedArray<"int32">;
  readonly end: SharedValue<"int32">;
}

/** The kernel has begun to end it (sched.h). */
const PF_EXITING = 0x4;
/** Whether a process can still do anything: the kernel closes a dying one's sockets before it calls it a zombie. */
export function lives(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", , , , , , flags] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 7);
    return !["Z", "X"].includes(state) && (Number(flags) & PF_EXITING) === 0;
  } catch {
    return false;
  }
}

export class Tormented {
  constructor(
    readonly all: Shared,
    readonly place: number,
    readonly next: () => number,
    /** It also waits for what only comes if somebody else brings it. */
    readonly isPatient: boolean,
  ) {}

  fault(name: (typeof faultNames)[number]): void {
    Atomics.add(this.all.faults.data, faultNames.indexOf(name), 1);
  }

  /** Something takes a moment: nothing, a turn of the event loop, a time, computing. */
  async moment(): Promise<void> {
    const dice = this.next();
    if (dice < 0.25) await Bun.sleep(1);
    else if (dice < 0.5) await new Promise(setImmediate);
    else if (dice < 0.6) for (const until = performance.now() + 0.1; performance.now() < until; );
  }

  /** In the critical section: alone, and what is added is not lost. */
  async inside(place: number): Promise<void> {
    const { inside, counts, acks } = this.all;
    const before = Atomics.exchange(inside.data, place, process.pid);
    if (before !== 0 && before !== process.pid && lives(before)) this.fault("two had a lock at once");
    const count = counts.data[place]!;
    await this.moment();
    counts.data[place] = count + 1;
    Atomics.add(acks.data, this.place * (LOCKS + 1) + place, 1);
    const after = Atomics.exchange(inside.data, place, 0);
    if (after !== process.pid) this.fault("a release found the lock held by somebody else");
  }

  /** One of as many places as there are permits has to be free, or of a dead process. */
  async withPermit(): Promise<void> {
    const { data } = this.all.inside;
    const first = LOCKS + 1;
    let mine = -1;
    for (let place = first; place < first + PERMITS && mine < 0; place++) {
      const was = Atomics.load(data, place);
      const isFree = was === 0 || !lives(was);
      if (isFree && Atomics.compareExchange(data, place, was, process.pid) === was) mine = place;
      else if (place === first + PERMITS - 1 && isFree) place = first - 1; // somebody was faster: look again
    }
    if (mine < 0) this.fault("more had a permit than there are");
    await this.moment();
    if (mine >= 0) Atomics.compareExchange(data, mine, process.pid, 0);
  }

  async lock(place: number): Promise<void> {
    const lock = this.all.locks[place]!;
    const dice = this.next();
    if (dice < 0.2) {
      if (!lock.tryAcquire()) return;
    } else if (dice < 0.4) {
      if (!(await lock.acquire({ timeout: this.next() * 3 }))) return;
    } else if (dice < 0.5) {
      const signal = AbortSignal.timeout(Math.ceil(this.next() * 3));
      if (!(await lock.acquire({ signal }).catch(() => false))) return;
    } else await lock.acquire();
    await this.inside(place);
    lock.release();
  }

  async rlock(): Promise<void> {
    const { rlock } = this.all;
    await rlock.with(() => rlock.with(() => this.inside(LOCKS)));
  }

  async semaphore(): Promise<void> {
    const { semaphore } = this.all;
    if (this.next() < 0.3) {
      if (!(await semaphore.acquire({ timeout: this.next() * 3 }))) return;
    } else await semaphore.acquire();
    await this.withPermit();
    semaphore.release();
  }

  /** Items are made and taken; a consumer may be killed with the notification, so a maker tells all. */
  async condition(): Promise<void> {
    const { condition, items, end } = this.all;
    await condition.acquire();
    if (this.next() < 0.5) {
      items.value += 1;
      condition.notifyAll();
    } else {
      const timeout = this.isPatient && this.next() < 0.7 ? undefined : this.next() * 5;
      if (await condition.waitFor(() => items.value > 0 || end.value === 1, { timeout })) items.value -= 1;
    }
    condition.release();
  }

  async event(): Promise<void> {
    const { event } = this.all;
    const dice = this.next();
    if (dice < 0.4) event.set();
    else if (dice < 0.5) event.clear();
    else if (dice < 0.7 || !this.isPatient) await event.wait({ timeout: this.next() * 3 });
    else await event.wait();
  }

  async barrier(): Promise<void> {
    const { barrier } = this.all;
    try {
      await barrier.wait({ timeout: 20 });
    } catch (error) {
      if (!(error instanceof BrokenBarrier)) throw error;
      if (error.pid !== null && lives(error.pid)) this.fault("a barrier named a process that lives");
      barrier.reset();
    }
  }

  async value(): Promise<void> {
    this.all.atomic.add(0.5);
  }

  /** Does one of the {@link kinds}, once. */
  async step(kind: number): Promise<void> {
    try {
      if (kind < LOCKS) await this.lock(kind);
      else await this[kinds[kind] as "rlock" | "semaphore" | "condition" | "event" | "barrier" | "value"]();
    } catch (error) {
      console.error(error);
      this.fault("an unexpected error");
    }
    Atomics.add(this.all.done.data, kind, 1);
  }

  async run(): Promise<void> {
    while (this.all.end.value === 0) {
      // Those that mostly wait for others come more seldom.
      await this.step(Math.floor(this.next() * (this.next() < 0.9 ? LOCKS + 2 : kinds.length)));
      if (this.next() < 0.01) await new Promise(setImmediate);
    }
  }
}

export const worker = defineTarget(`${import.meta.path}#word`, async (all: Shared, place: number, seed: number) => {
  await new Tormented((await revive(all)) as Shared, place, random(seed), true).run();
});
