/**
 * A process that does a farm's jobs: takes some, as many as it has room for (and, where they are short, some ahead), does them, tells what
 * came of them.
 *
 *     claim ──► local ──► begin ──► Attempt ──► Completions ──► accepted, again, refused
 *       ▲                                            ▲
 *       └── the bell: a job ended, there are new ones, it is to stop        Pulse: the lease, meanwhile
 *
 * Always true: at most `slots` jobs run; a job that was ended from here is given back, not told; whoever has lost his lease ends
 * all he does, and comes again as somebody new.
 */
import { Gates } from "../../jobs/gates.ts";
import { RunningJobs } from "../../jobs/running.ts";
import { Slots } from "../../jobs/slots.ts";
import { bootMs } from "../../os/boot-clock.ts";
import { currentFolder } from "../../os/bytes/bytes.ts";
import { printable } from "../../os/bytes/printable.ts";
import { Guard } from "../../process/guard/guard.ts";
import { nowMs } from "../../recording/clock.ts";
import { version } from "../../version.ts";
import type { Address } from "../address.ts";
import { Bell } from "../bell.ts";
import { Connection, Listener } from "../connection.ts";
import type { Contact } from "../contact.ts";
import { getBlob } from "../jobs/batch-statements.ts";
import {
  type Claimed,
  claimJobs,
  giveBackJobs,
  JOBS_CHANNEL,
  leaveFarm,
  type Running,
  registerWorker,
  tellRunning,
  type Verdict,
} from "../jobs/worker-statements.ts";
import type { Party } from "../owner.ts";
import { aheadFor } from "./ahead.ts";
import { Batches } from "./batches.ts";
import { Completions, type Finished } from "./completions.ts";
import { MapJobs } from "./map-jobs.ts";
import { Modules } from "./modules.ts";
import { Pulse, type Registered } from "./pulse.ts";
import { RunJobs } from "./run-jobs.ts";
import type { Outcome, Runner } from "./runner.ts";

/** What a worker is told to do. */
export interface WorkerOptions {
  readonly address: Address;
  readonly contact: Contact;
  readonly owner: Party;
  readonly slots: number;
  readonly leaseMs: number;
  /** Jobs run here, whatever their batch says. */
  readonly folder: string | undefined;
  /** The only batch; undefined: all. */
  readonly only: number | undefined;
  readonly kinds: readonly string[];
  readonly memfree: number | null;
  readonly load: number | null;
  /** It ends after so many jobs. */
  readonly maxJobs: number;
  /** It ends when there has been nothing to do for so long, ms; undefined: never. */
  readonly untilEmptyMs: number | undefined;
  /** Hears what happens. */
  readonly on: {
    begun?(claimed: Claimed, slot: number): void;
    settled?(finished: Finished, verdict: Verdict): void;
    lost?(): void;
    /** The jobs of a batch cannot be done here. */
    cannot?(batch: number, error: unknown): void;
  };
}

/** Without news it is looked for jobs so often, ms. */
const IDLE_MS = 1_000;
/** Jobs taken ahead that have waited so long, ms, are given to those who have room. */
const AHEAD_MS = 2_000;
/** What runs is told so often, ms, where anything has run for long. */
const TELL_MS = 1_000;
const TICK_MS = 50;
const SHORTAGE_MS = 100;
/** Taken with one question. */
const MOST_AT_ONCE = 1_000;
/** With so many tries waiting to be told, no more are taken. */
const UNTOLD = 64;
const LEAVE_MS = 3_000;

interface Doing {
  readonly worker: number;
  readonly claimed: Claimed;
  readonly of: Runner;
}

export class FarmWorker {
  readonly jobs = new RunningJobs();
  /** The modules of maps. */
  readonly modules: Modules;
  /** Jobs done here and accepted. */
  done = 0;
  failed = 0;
  readonly #options: WorkerOptions;
  readonly #work: Connection;
  readonly #beat: Connection;
  readonly #batches: Batches;
  readonly #completions: Completions;
  readonly #gates: Gates;
  readonly #slots: Slots;
  readonly #guard = new Guard();
  readonly #bell = new Bell();
  readonly #doing = new Map<number, Doing>();
  readonly #runners = new Map<number, Runner>();
  #local: (Claimed & { readonly takenMs: number })[] = [];
  #me: (Registered & { readonly pulse: Pulse }) | undefined;
  #claims = 0;
  #taken = 0;
  #refreshMs = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  #busyMs = nowMs();
  #recentMs: number | undefined;
  #state: "works" | "drains" | "stops" = "works";
  #problem: unknown;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { address, contact, only, kinds, folder, memfree, load, on } = options;
    this.#work = new Connection(address);
    this.#beat = new Connection(address);
    this.modules = new Modules((hash) => contact.answer(() => getBlob(this.#work, hash)));
    this.#batches = new Batches({ only, kinds, ownFolder: folder !== undefined });
    this.#slots = new Slots(options.slots);
    this.#gates = new Gates({ delayMs: 0, memfree, load });
    this.#completions = new Completions(
      this.#work,
      contact,
      (finished, verdict) => {
        if (verdict === "accepted") this.done += 1;
        if (verdict === "accepted" && finished.failed) this.failed += 1;
        on.settled?.(finished, verdict);
        this.#bell.ring();
      },
      (error) => this.#fail(error),
    );
  }

  /** Its number on the farm; null while it has none. */
  get registration(): number | null {
    return this.#me?.worker ?? null;
  }

  /** Takes no more jobs; those that run end, what was taken ahead is given back. */
  drain(): void {
    if (this.#state === "works") this.#state = "drains";
    this.#bell.ring();
  }

  /** Ends the jobs that run, too. */
  stop(): void {
    this.#state = "stops";
    for (const runner of this.#runners.values()) runner.stop();
    this.#bell.ring();
  }

  /** Works until it is told to stop, or has done what it was to do. @throws what will not pass. */
  async run(): Promise<void> {
    const heard = (word: string) => {
      if (word === "stop") this.#me?.pulse.now();
      this.#refreshMs = Number.NEGATIVE_INFINITY;
      this.#bell.ring();
    };
    const listener = new Listener(this.#options.address, JOBS_CHANNEL, heard, () => heard(""));
    void listener.start();
    const tick = setInterval(() => this.#tick(), TICK_MS);
    const telling = setInterval(() => void this.#tell(), TELL_MS);
    try {
      while (!(await this.#step()));
      await this.#completions.told();
    } finally {
      clearInterval(tick);
      clearInterval(telling);
      listener.stop();
      if (this.#state === "stops") await this.jobs.stopLeftovers();
      await Promise.all([...this.#runners.values()].map((runner) => runner.close()));
      await this.modules.close();
      await this.#leave();
      await this.#guard.close();
      this.jobs.releaseLeftovers();
    }
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** Does what can be done now, and waits for more. @returns whether all is over. */
  async #step(): Promise<boolean> {
    this.#bell.reset();
    this.#begin();
    if (this.#state !== "works" || this.#taken >= this.#options.maxJobs || this.#problem !== undefined) {
      await this.#giveBack(this.#local.splice(0));
      if (this.#doing.size === 0 && this.#completions.backlog === 0) return true;
      await this.#bell.heardWithin(this.#problem === undefined ? undefined : IDLE_MS);
      return this.#problem !== undefined && this.#doing.size === 0;
    }
    const slots = this.#slots.most;
    const ahead = aheadFor(this.#recentMs, slots);
    const want = Math.min(
      MOST_AT_ONCE,
      slots + ahead - this.#doing.size - this.#local.length,
      this.#options.maxJobs - this.#taken,
    );
    const waitMs = this.#completions.backlog > UNTOLD ? IDLE_MS : this.#gates.waitMs();
    if (waitMs > 0 || (want <= ahead / 2 && this.#doing.size + this.#local.length >= slots) || want <= 0) {
      await this.#bell.heardWithin(waitMs > 0 ? waitMs : AHEAD_MS);
      await this.#giveBack(this.#stale());
      return false;
    }
    const got = await this.#claim(want);
    if (got > 0) return false;
    if (got === 0 && this.#isEmptyLongEnough()) return true;
    await this.#bell.heardWithin(this.#pauseMs || IDLE_MS);
    return false;
  }

  /** Takes jobs. @returns how many; -1 if nobody knows. */
  async #claim(most: number): Promise<number> {
    const { contact } = this.#options;
    try {
      const me = this.#me ?? (await this.#register());
      if (nowMs() - this.#refreshMs >= IDLE_MS) {
        await this.#batches.refresh(this.#work, nowMs());
        this.#refreshMs = nowMs();
        this.#forget();
      }
      const batches = this.#batches.open;
      if (batches.length === 0) {
        contact.answered();
        this.#pauseMs = 0;
        return 0;
      }
      for (let answered = true; ; ) {
        if (answered) this.#claims += 1;
        const low = batches.map((id) => this.#batches.low(id, nowMs()));
        const asked = { worker: me.worker, claim: this.#claims, batches, low, most };
        let rows: Claimed[] | null;
        try {
          rows = await claimJobs(this.#work, asked);
        } catch (error) {
          // Whether it was carried out nobody knows: what it took is ours.
          answered = false;
          await Bun.sleep(contact.failed(error));
          if (this.#me?.worker !== me.worker || this.#state !== "works") return -1;
          continue;
        }
        contact.answered();
        answered = true;
        this.#pauseMs = 0;
        if (this.#me?.worker !== me.worker) return -1; // they are others' by now
        if (rows === null) {
          me.pulse.now();
          return -1;
        }
        let retry = false;
        for (const id of batches) {
          const first = rows.find(({ batch }) => batch === id)?.seq;
          retry = this.#batches.handedOut(id, first) || retry;
        }
        const takenMs = nowMs();
        this.#local.push(...rows.map((row) => ({ ...row, takenMs })));
        this.#taken += rows.length;
        if (rows.length > 0) this.#busyMs = takenMs;
        if (rows.length > 0 || !retry) return rows.length;
      }
    } catch (error) {
      try {
        this.#pauseMs = contact.failed(error);
      } catch (lasting) {
        this.#fail(lasting);
      }
      return -1;
    }
  }

  async #register(): Promise<Registered & { readonly pulse: Pulse }> {
    const { leaseMs, slots, owner, contact, on } = this.#options;
    const token = crypto.randomUUID();
    const sentMs = bootMs();
    const worker = await registerWorker(this.#work, { token, owner: { ...owner, version }, slots, ttlMs: leaseMs });
    const me: Registered = { worker, ttlMs: leaseMs, sentMs };
    const pulse = new Pulse(this.#beat, me, contact, {
      batches: () => [...new Set([...this.#doing.values()].map(({ claimed }) => claimed.batch))],
      cannot: () => this.#batches.cannot,
      ends: (batches) => this.#end(batches),
      lost: () => {
        on.lost?.();
        this.#me = undefined;
        this.#local = [];
        for (const runner of this.#runners.values()) runner.stop();
        this.#bell.ring();
      },
      late: () => {
        for (const [id, runner] of this.#runners) if (this.#batches.of(id)?.spec.noOverlap) runner.stop();
      },
      again: () => this.#bell.ring(),
      failed: (error) => this.#fail(error),
    });
    this.#me = { ...me, pulse };
    this.#claims = 0;
    return this.#me;
  }

  /** Begins what there is room for. */
  #begin(): void {
    while (this.#state === "works" && this.#doing.size < this.#slots.most) {
      const me = this.#me;
      // Who was stopped, and goes on: what was taken ahead may be others' by now.
      if (me === undefined || this.#local.length === 0 || me.pulse.isOver) return;
      const claimed = this.#local.shift();
      if (claimed === undefined) return;
      const of = this.#runnerOf(claimed.batch);
      if (of === undefined) continue; // its batch is gone
      const slot = this.jobs.takeSlot();
      const doing = { worker: me.worker, claimed, of };
      const beganMs = nowMs();
      const ended = (outcome: Outcome) => this.#ended(slot, beganMs, doing, outcome);
      this.#doing.set(slot, doing);
      try {
        if (of.begin(claimed, slot, ended)) {
          this.#options.on.begun?.(claimed, slot);
          continue;
        }
      } catch (error) {
        this.#fail(error);
      }
      this.#doing.delete(slot);
      this.jobs.freeSlot(slot);
      this.#local.unshift(claimed);
      this.#slots.short(this.#doing.size);
      setTimeout(() => this.#bell.ring(), SHORTAGE_MS);
      return;
    }
  }

  #ended(slot: number, beganMs: number, { worker, claimed }: Doing, outcome: Outcome): void {
    this.#doing.delete(slot);
    this.jobs.freeSlot(slot);
    this.#busyMs = nowMs();
    const ms = nowMs() - beganMs;
    this.#recentMs = this.#recentMs === undefined ? ms : this.#recentMs * 0.8 + ms * 0.2;
    if (outcome !== null) this.#completions.add({ ...outcome, worker, claimed });
    else if (this.#me?.worker === worker) void this.#giveBack([claimed], true);
    this.#begin();
    this.#bell.ring();
  }

  #runnerOf(id: number): Runner | undefined {
    const known = this.#runners.get(id);
    if (known !== undefined) return known;
    const batch = this.#batches.of(id);
    if (batch === undefined) return undefined;
    const { owner } = this.#options;
    const wanted = this.#options.folder ?? batch.spec.folder;
    const folder = wanted === currentFolder() ? undefined : wanted;
    const { host } = owner;
    const runner =
      batch.spec.kind === "run"
        ? new RunJobs(batch.spec, { guard: this.#guard, jobs: this.jobs, host, folder, batch: batch.name })
        : new MapJobs(batch.spec, {
            ...{ modules: this.modules, host, folder, workers: this.#slots.most },
            cannot: (error) => {
              this.#runners.delete(id);
              this.#batches.refuse(id, error);
              this.#options.on.cannot?.(id, error);
            },
          });
    this.#runners.set(id, runner);
    return runner;
  }

  /** The jobs of these batches are to end: they were cancelled, or are gone. */
  #end(batches: readonly number[]): void {
    const mine = this.#local.filter(({ batch }) => batches.includes(batch));
    this.#local = this.#local.filter(({ batch }) => !batches.includes(batch));
    void this.#giveBack(mine);
    for (const id of batches) this.#runners.get(id)?.stop();
  }

  /** What was taken ahead, and waits for too long. */
  #stale(): Claimed[] {
    const [first] = this.#local;
    if (first === undefined || nowMs() - first.takenMs < AHEAD_MS) return [];
    return this.#local.splice(0);
  }

  async #giveBack(claimed: readonly Claimed[], begun = false): Promise<void> {
    const me = this.#me;
    if (claimed.length === 0 || me === undefined) return;
    this.#taken -= claimed.length;
    const tries = claimed.map(({ batch, seq, attempt, claim }) => ({ batch, seq, attempt, claim, begun }));
    while (this.#me?.worker === me.worker) {
      try {
        await giveBackJobs(this.#work, me.worker, tries);
        this.#options.contact.answered();
        return;
      } catch (error) {
        try {
          await Bun.sleep(this.#options.contact.failed(error));
        } catch (lasting) {
          return this.#fail(lasting);
        }
        if (this.#state !== "works") return; // leaving the farm gives back all
      }
    }
  }

  #isEmptyLongEnough(): boolean {
    const { untilEmptyMs } = this.#options;
    if (this.#doing.size > 0 || this.#completions.backlog > 0) this.#busyMs = nowMs();
    else if (this.#batches.open.length > 0 && untilEmptyMs !== undefined)
      this.#busyMs = nowMs(); // others are at it
    else return untilEmptyMs !== undefined && nowMs() - this.#busyMs >= untilEmptyMs;
    return false;
  }

  #forget(): void {
    const at = new Set(
      [...this.#doing.values(), ...this.#local.map((claimed) => ({ claimed }))].map((x) => x.claimed.batch),
    );
    this.#batches.forget(at);
    for (const [id, runner] of this.#runners) {
      if (this.#batches.of(id) !== undefined) continue;
      this.#runners.delete(id);
      void runner.close();
    }
  }

  #tick(): void {
    for (const runner of this.#runners.values()) runner.tick();
    if (this.#gates.memoryIsShort) this.jobs.putOffYoungest();
  }

  #told = "[]";
  async #tell(): Promise<void> {
    const me = this.#me;
    const running = this.jobs.list().filter(({ ms }) => ms >= TELL_MS / 2);
    const bySlot = running.flatMap(({ lane, pid, command, ms }): Running[] => {
      const slot = Number(lane.slice(1));
      const claimed = this.#doing.get(slot)?.claimed;
      if (claimed === undefined) return [];
      return [
        { b: claimed.batch, s: claimed.seq, slot, pid, command: printable(command.slice(0, 200)), ms: Math.round(ms) },
      ];
    });
    const key = JSON.stringify(bySlot.map(({ b, s, slot }) => [b, s, slot]));
    if (me === undefined || key === this.#told) return;
    this.#told = key;
    await tellRunning(this.#beat, me.worker, bySlot).catch(() => {
      this.#told = "";
    });
  }

  #fail(error: unknown): void {
    this.#problem ??= error;
    this.stop();
  }

  async #leave(): Promise<void> {
    const me = this.#me;
    this.#me = undefined;
    await me?.pulse.end();
    if (me !== undefined) await leaveFarm(this.#work, me.worker, LEAVE_MS).catch(() => {});
    this.#work.close();
    this.#beat.close();
  }
}
