/**
 * A process that does a farm's jobs: takes some, as many as it has room for (and, where they are short, some ahead), does them, tells what
 * came of them.
 *
 *     claim ──► local ──► begin ──► Attempt ──► Completions ──► accepted, again, refused
 *       ▲                                            ▲
 *       └── the bell: a job ended, there are new ones, it is to stop        Membership: the lease, meanwhile
 *
 * Always true: at most `slots` jobs run; a job that was ended from here is given back, not told; whoever has lost his lease ends
 * all he does, and comes again as somebody new.
 */
import { Gates } from "../../jobs/gates.ts";
import { RunningJobs } from "../../jobs/running.ts";
import { Slots } from "../../jobs/slots.ts";
import { currentFolder } from "../../os/bytes/bytes.ts";
import { printable } from "../../os/bytes/printable.ts";
import { Guard } from "../../process/guard/guard.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Address } from "../address.ts";
import { Bell } from "../bell.ts";
import { Connection, Listener } from "../connection.ts";
import type { Contact, Question } from "../contact.ts";
import { getBlob } from "../jobs/batch-statements.ts";
import { type Claimed, JOBS_CHANNEL, type Running, type Verdict } from "../jobs/worker-statements.ts";
import type { Party } from "../owner.ts";
import { aheadFor } from "./ahead.ts";
import { Batches } from "./batches.ts";
import { Completions, type Finished } from "./completions.ts";
import { MapJobs } from "./map-jobs.ts";
import { Membership } from "./membership.ts";
import { Modules } from "./modules.ts";
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
/** Whoever was told to end at once tries for so long to tell what has ended here, ms. */
const ENDING_MS = 3_000;

interface Doing {
  /** The registration it was handed to. */
  readonly worker: number;
  readonly claimed: Claimed;
  readonly beganMs: number;
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
  readonly #membership: Membership;
  readonly #completions: Completions;
  readonly #gates: Gates;
  readonly #slots: Slots;
  readonly #guard = new Guard();
  readonly #bell = new Bell();
  /** What there is; to be handed some of it. */
  readonly #questions: { readonly batches: Question; readonly jobs: Question };
  readonly #doing = new Map<number, Doing>();
  readonly #runners = new Map<number, Runner>();
  #local: (Claimed & { readonly takenMs: number })[] = [];
  #taken = 0;
  #refreshMs = Number.NEGATIVE_INFINITY;
  #busyMs = nowMs();
  #recentMs: number | undefined;
  #state: "works" | "drains" | "stops" = "works";
  #stopMs = Number.POSITIVE_INFINITY;
  #problem: unknown;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { address, contact, only, kinds, folder, memfree, load, owner, slots, leaseMs, on } = options;
    this.#work = new Connection(address);
    this.#beat = new Connection(address);
    this.modules = new Modules((hash) => contact.answer(() => getBlob(this.#work, hash)));
    this.#batches = new Batches({ only, kinds, ownFolder: folder !== undefined });
    this.#questions = { batches: contact.question(), jobs: contact.question() };
    this.#slots = new Slots(slots);
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
    this.#membership = new Membership({
      ...{ owner, slots, leaseMs, contact, work: this.#work, beat: this.#beat, batches: this.#batches },
      goesOn: () => this.#state === "works",
      pulsing: {
        batches: () => [...this.#at],
        ends: (batches) => {
          for (const id of batches) this.#runners.get(id)?.stop();
          this.#giveBack(({ batch }) => batches.includes(batch));
        },
        lost: () => {
          on.lost?.();
          this.#local = [];
          for (const runner of this.#runners.values()) runner.stop();
          this.#bell.ring();
        },
        late: (graceMs) => {
          for (const [id, runner] of this.#runners) if (this.#batches.of(id)?.spec.noOverlap) runner.stop(graceMs);
        },
        again: () => this.#bell.ring(),
        failed: (error) => this.#fail(error),
      },
    });
  }

  /** Its number on the farm; null while it has none. */
  get registration(): number | null {
    return this.#membership.worker;
  }

  /** Takes no more jobs; those that run end, what was taken ahead is given back. */
  drain(): void {
    if (this.#state === "works") this.#state = "drains";
    this.#bell.ring();
  }

  /** Ends the jobs that run, too. */
  stop(): void {
    this.#state = "stops";
    this.#stopMs = Math.min(this.#stopMs, nowMs());
    for (const runner of this.#runners.values()) runner.stop();
    this.#bell.ring();
  }

  /** Works until it is told to stop, or has done what it was to do. @throws what will not pass. */
  async run(): Promise<void> {
    const heard = (word: string) => {
      if (word === "stop") this.#membership.hear();
      this.#refreshMs = Number.NEGATIVE_INFINITY;
      this.#bell.ring();
    };
    const listener = new Listener(this.#options.address, JOBS_CHANNEL, heard, () => heard(""));
    void listener.start();
    const tick = setInterval(() => this.#tick(), TICK_MS);
    const telling = setInterval(() => void this.#tell(), TELL_MS);
    try {
      while (!(await this.#step()));
    } finally {
      clearInterval(tick);
      clearInterval(telling);
      listener.stop();
      if (this.#state === "stops") await this.jobs.stopLeftovers();
      await Promise.all([...this.#runners.values()].map((runner) => runner.close()));
      await this.modules.close();
      await this.#membership.leave();
      this.#work.close();
      this.#beat.close();
      await this.#guard.close();
      this.jobs.releaseLeftovers();
    }
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** Does what can be done now, and waits for more. @returns whether all is over. */
  async #step(): Promise<boolean> {
    this.#bell.reset();
    this.#begin();
    if (this.#state !== "works" || this.#problem !== undefined) {
      await this.#end();
      return this.#isOver();
    }
    if (this.#taken >= this.#options.maxJobs && this.#local.length === 0 && this.#isOver()) return true;
    if (this.#local.length > 0) await this.#withdraw();
    const slots = this.#slots.most;
    const ahead = aheadFor(this.#recentMs, slots, this.#runningMs);
    const has = this.#doing.size + this.#local.length;
    const want = Math.min(MOST_AT_ONCE, slots + ahead - has, this.#options.maxJobs - this.#taken);
    const waitMs = this.#completions.backlog > UNTOLD ? IDLE_MS : this.#gates.waitMs();
    if (waitMs > 0 || (want <= ahead / 2 && has >= slots) || want <= 0) {
      await this.#bell.heardWithin(waitMs > 0 ? waitMs : this.#local.length > 0 ? IDLE_MS : AHEAD_MS);
      return false;
    }
    const pauseMs = await this.#claim(want);
    if (pauseMs === 0) return false;
    if (pauseMs === null && this.#isEmptyLongEnough()) return true;
    await this.#bell.heardWithin(pauseMs ?? IDLE_MS);
    return false;
  }

  /** Waits for what is to end. */
  async #end(): Promise<void> {
    for (const question of Object.values(this.#questions)) question.end();
    this.#giveBack(() => true);
    if (this.#isOver()) return;
    await this.#bell.heardWithin(this.#state === "stops" || this.#problem !== undefined ? IDLE_MS : undefined);
  }

  #isOver(): boolean {
    if (this.#doing.size > 0) return false;
    if (this.#completions.backlog === 0 || this.#problem !== undefined) return true;
    return nowMs() - this.#stopMs > ENDING_MS; // others will have these jobs
  }

  /** Gives back what was taken ahead, where it has waited for too long, or is not to be begun any more. */
  async #withdraw(): Promise<void> {
    const [first] = this.#local;
    if (first !== undefined && nowMs() - first.takenMs >= AHEAD_MS) this.#giveBack(() => true);
    if (nowMs() - this.#refreshMs < IDLE_MS || !(await this.#refresh())) return;
    const open = new Set(this.#batches.open);
    this.#giveBack(({ batch }) => !open.has(batch));
  }

  /** Finds out what there is to do. @returns whether there was an answer. */
  async #refresh(): Promise<boolean> {
    this.#refreshMs = nowMs();
    const before = JSON.stringify(this.#batches.cannot);
    try {
      await this.#batches.refresh(this.#work, nowMs());
    } catch (error) {
      this.#pauseAfter(this.#questions.batches, error);
      return false;
    }
    this.#questions.batches.answered();
    if (JSON.stringify(this.#batches.cannot) !== before) this.#membership.hear(); // which tells it, too
    this.#batches.forget(this.#at);
    for (const [id, runner] of this.#runners) {
      if (this.#batches.of(id) !== undefined) continue;
      this.#runners.delete(id);
      void runner.close();
    }
    return true;
  }

  /** Takes jobs. @returns how long to wait before the next time, ms; null: until there is news, for there were none. */
  async #claim(most: number): Promise<number | null> {
    if (nowMs() - this.#refreshMs >= IDLE_MS && !(await this.#refresh())) return IDLE_MS;
    try {
      const rows = await this.#membership.claim(most);
      if (rows === null) return IDLE_MS;
      this.#questions.jobs.answered();
      const takenMs = nowMs();
      this.#local.push(...rows.map((row) => ({ ...row, takenMs })));
      this.#taken += rows.length;
      if (rows.length > 0) this.#busyMs = takenMs;
      return rows.length > 0 ? 0 : null;
    } catch (error) {
      return this.#pauseAfter(this.#questions.jobs, error);
    }
  }

  #pauseAfter(question: Question, error: unknown): number {
    try {
      return question.failed(error);
    } catch (lasting) {
      this.#fail(lasting);
      return IDLE_MS;
    }
  }

  /** Begins what there is room for. */
  #begin(): void {
    while (this.#state === "works" && this.#doing.size < this.#slots.most) {
      const [claimed] = this.#local;
      const worker = this.#membership.worker;
      // Who was stopped, and goes on: what was taken ahead may be others' by now.
      if (claimed === undefined || worker === null || this.#membership.isOver) return;
      const of = this.#runnerOf(claimed.batch);
      // Whether it is still ours is known when there is contact again.
      if (this.#membership.isLate && this.#batches.of(claimed.batch)?.spec.noOverlap) return;
      this.#local.shift();
      if (of === undefined) continue; // its batch is gone
      const slot = this.jobs.takeSlot();
      const doing = { worker, claimed, beganMs: nowMs() };
      const ended = (outcome: Outcome) => this.#ended(slot, doing, outcome);
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

  #ended(slot: number, { worker, claimed, beganMs }: Doing, outcome: Outcome): void {
    this.#doing.delete(slot);
    this.jobs.freeSlot(slot);
    this.#busyMs = nowMs();
    const ms = nowMs() - beganMs;
    this.#recentMs = this.#recentMs === undefined ? ms : this.#recentMs * 0.8 + ms * 0.2;
    if (outcome !== null) this.#completions.add({ ...outcome, worker, claimed });
    else if (this.#membership.worker === worker) this.#giveBackAll([claimed], true);
    this.#begin();
    this.#bell.ring();
  }

  /** How long the one that was begun last has run, ms; 0 where there is room for another. */
  get #runningMs(): number {
    if (this.#doing.size < this.#slots.most) return 0;
    return nowMs() - Math.max(...[...this.#doing.values()].map(({ beganMs }) => beganMs));
  }

  /** The batches there are jobs of here. */
  get #at(): Set<number> {
    return new Set([...[...this.#doing.values()].map(({ claimed }) => claimed), ...this.#local].map((x) => x.batch));
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
              this.#membership.hear(); // which tells it, too
              this.#options.on.cannot?.(id, error);
            },
          });
    this.#runners.set(id, runner);
    return runner;
  }

  /** Gives back such jobs as were taken ahead. */
  #giveBack(which: (claimed: Claimed) => boolean): void {
    const back = this.#local.filter(which);
    this.#local = this.#local.filter((claimed) => !back.includes(claimed));
    this.#taken -= back.length;
    this.#giveBackAll(back, false);
  }

  #giveBackAll(claimed: readonly Claimed[], begun: boolean): void {
    if (begun) this.#taken -= claimed.length;
    this.#membership.giveBack(claimed, begun).catch((error) => this.#fail(error));
  }

  #isEmptyLongEnough(): boolean {
    const { untilEmptyMs } = this.#options;
    const isBusy = this.#doing.size > 0 || this.#completions.backlog > 0 || this.#batches.open.length > 0; // others may be at it
    if (isBusy) this.#busyMs = nowMs();
    return !isBusy && untilEmptyMs !== undefined && nowMs() - this.#busyMs >= untilEmptyMs;
  }

  #tick(): void {
    for (const runner of this.#runners.values()) runner.tick();
    if (this.#gates.memoryIsShort) this.jobs.putOffYoungest();
  }

  async #tell(): Promise<void> {
    const running = this.jobs.list().filter(({ ms }) => ms >= TELL_MS / 2);
    const bySlot = running.flatMap(({ lane, pid, command, ms }): Running[] => {
      const slot = Number(lane.slice(1));
      const claimed = this.#doing.get(slot)?.claimed;
      if (claimed === undefined) return [];
      const { batch: b, seq: s, attempt: a } = claimed;
      return [{ b, s, a, slot, pid, command: printable(command.slice(0, 200)), ms: Math.round(ms) }];
    });
    await this.#membership.tell(bySlot);
  }

  #fail(error: unknown): void {
    this.#problem ??= error;
    this.stop();
  }
}
