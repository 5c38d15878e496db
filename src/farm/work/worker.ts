/**
 * A process that does a farm's jobs: takes some, as many as it has room for (and, where they are short, some ahead), does them, tells what
 * came of them.
 *
 *     claim ──► Stock ──► begin ──► Attempt ──► Completions ──► accepted, again, refused
 *       ▲                                            ▲
 *       └── the bell: a job ended, there are new ones, it is to stop        Membership: the lease, meanwhile
 *
 * Always true: at most `slots` jobs run; a job that was ended from here is given back, not told; whoever has lost his lease ends
 * all he does, and comes again as somebody new.
 *
 * Longer than most files: each part has its own, and the order in which they act on each other is read in one piece.
 */
import { Gates } from "../../jobs/gates.ts";
import { RunningJobs } from "../../jobs/running.ts";
import { Slots } from "../../jobs/slots.ts";
import { Guard } from "../../process/guard/guard.ts";
import { nowMs } from "../../recording/clock.ts";
import type { FarmAddress } from "../address.ts";
import { Bell } from "../bell.ts";
import { FarmConnection, Listener } from "../connection.ts";
import type { Contact } from "../contact.ts";
import { getBlob } from "../jobs/blob-statements.ts";
import { type Claimed, JOBS_CHANNEL, type TryVerdict } from "../jobs/worker-statements.ts";
import type { FarmProcess } from "../owner.ts";
import { aheadFor } from "./ahead.ts";
import { Batches } from "./batches.ts";
import { Completions, type Finished } from "./completions.ts";
import { Doing } from "./doing.ts";
import { Membership } from "./membership.ts";
import { Modules } from "./modules.ts";
import type { TryOutcome } from "./runner.ts";
import { Runners } from "./runners.ts";
import { AHEAD_MS, IDLE_MS, Stock } from "./stock.ts";

/** What a worker is told to do. */
export interface WorkerOptions {
  readonly address: FarmAddress;
  readonly contact: Contact;
  readonly owner: FarmProcess;
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
    settled?(finished: Finished, verdict: TryVerdict): void;
    lost?(): void;
    /** The jobs of a batch cannot be done here. */
    cannot?(batch: number, error: unknown): void;
  };
}

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

export class FarmWorker {
  readonly jobs = new RunningJobs();
  /** The modules of maps. */
  readonly modules: Modules;
  /** Jobs done here and accepted. */
  done = 0;
  failed = 0;
  readonly #options: WorkerOptions;
  readonly #work: FarmConnection;
  readonly #beat: FarmConnection;
  readonly #batches: Batches;
  readonly #membership: Membership;
  readonly #completions: Completions;
  readonly #gates: Gates;
  readonly #slots: Slots;
  readonly #guard = new Guard();
  readonly #bell = new Bell();
  readonly #doing = new Doing();
  readonly #runners: Runners;
  readonly #stock: Stock;
  #busyMs = nowMs();
  #state: "works" | "drains" | "stops" = "works";
  #stopMs = Number.POSITIVE_INFINITY;
  #problem: unknown;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { address, contact, only, kinds, folder, memfree, load, owner, slots, leaseMs, on } = options;
    contact.onGivenUp = (error) => this.#fail(error);
    this.#work = new FarmConnection(address);
    this.#beat = new FarmConnection(address);
    this.modules = new Modules((hash) => contact.answer(() => getBlob(this.#work, hash)));
    this.#batches = new Batches({ only, kinds, ownFolder: folder !== undefined });
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
          this.#runners.stop(batches);
          this.#stock.giveBack(({ batch }) => batches.includes(batch));
        },
        lost: () => {
          on.lost?.();
          this.#stock.lose();
          this.#runners.stop();
          this.#bell.ring();
        },
        late: (graceMs) => this.#runners.late(graceMs),
        again: () => this.#bell.ring(),
        failed: (error) => this.#fail(error),
      },
    });
    this.#runners = new Runners({
      ...{ batches: this.#batches, modules: this.modules, guard: this.#guard, jobs: this.jobs },
      ...{ host: owner.host, folder, most: () => this.#slots.most },
      cannot: (id, error) => {
        this.#batches.refuse(id, error);
        this.#membership.hear(); // which tells it, too
        on.cannot?.(id, error);
      },
    });
    this.#stock = new Stock({
      ...{ connection: this.#work, contact, batches: this.#batches, membership: this.#membership },
      refreshed: () => {
        this.#batches.forget(this.#at);
        this.#runners.closeGone();
      },
      failed: (error) => this.#fail(error),
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
    this.#runners.stop();
    this.#bell.ring();
  }

  /** Works until it is told to stop, or has done what it was to do. @throws what will not pass. */
  async run(): Promise<void> {
    const heard = (word: string) => {
      if (word === "stop") this.#membership.hear();
      this.#stock.news();
      this.#bell.ring();
    };
    const listener = new Listener(this.#options.address, JOBS_CHANNEL, heard, () => heard(""));
    void listener.start();
    const tick = setInterval(() => this.#tick(), TICK_MS);
    const telling = setInterval(() => this.#tell(), TELL_MS);
    try {
      while (!(await this.#step()));
    } finally {
      clearInterval(tick);
      clearInterval(telling);
      listener.stop();
      if (this.#state === "stops") await this.jobs.stopLeftovers();
      await this.#runners.close();
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
    const stock = this.#stock;
    if (stock.taken >= this.#options.maxJobs && stock.size === 0 && this.#isOver()) return true;
    await stock.withdraw();
    const slots = this.#slots.most;
    const ahead = aheadFor(this.#doing.recentMs, slots, this.#doing.size < slots ? 0 : this.#doing.lastMs);
    const has = this.#doing.size + stock.size;
    const want = Math.min(MOST_AT_ONCE, slots + ahead - has, this.#options.maxJobs - stock.taken);
    const shortMs = this.#gates.waitMs();
    // Where nothing is begun for now it is there all the same, and may have waited long enough for something to do.
    if (shortMs > 0 && (await stock.claim(0)) === null && this.#isEmptyLongEnough()) return true;
    const waitMs = this.#completions.backlog > UNTOLD ? IDLE_MS : shortMs;
    if (waitMs > 0 || (want <= ahead / 2 && has >= slots) || want <= 0) {
      await this.#bell.heardWithin(waitMs > 0 ? waitMs : stock.size > 0 ? IDLE_MS : AHEAD_MS);
      return false;
    }
    const pauseMs = await stock.claim(want);
    if (pauseMs === 0) {
      this.#busyMs = nowMs();
      return false;
    }
    if (pauseMs === null && this.#isEmptyLongEnough()) return true;
    await this.#bell.heardWithin(pauseMs ?? IDLE_MS);
    return false;
  }

  /** Waits for what is to end. */
  async #end(): Promise<void> {
    this.#stock.end();
    if (this.#isOver()) return;
    await this.#bell.heardWithin(this.#state === "stops" || this.#problem !== undefined ? IDLE_MS : undefined);
  }

  #isOver(): boolean {
    if (this.#doing.size > 0) return false;
    if (this.#completions.backlog === 0 || this.#problem !== undefined) return true;
    return nowMs() - this.#stopMs > ENDING_MS; // others will have these jobs
  }

  /** Begins what there is room for. */
  #begin(): void {
    while (this.#state === "works" && this.#doing.size < this.#slots.most && this.#gates.waitMs() === 0) {
      const claimed = this.#stock.first;
      const worker = this.#membership.worker;
      // Who was stopped, and goes on: what was taken ahead may be others' by now.
      if (claimed === undefined || worker === null || this.#membership.isOver) return;
      const runner = this.#runners.of(claimed.batch);
      // Whether it is still ours is known when there is contact again.
      if (this.#membership.isLate && this.#batches.of(claimed.batch)?.spec.noOverlap) return;
      this.#stock.shift();
      if (runner === undefined) continue; // its batch is gone
      const slot = this.jobs.takeSlot();
      const ended = (outcome: TryOutcome) => this.#ended(slot, claimed, worker, outcome);
      this.#doing.begin(slot, claimed);
      try {
        if (runner.begin(claimed, slot, ended)) {
          this.#options.on.begun?.(claimed, slot);
          continue;
        }
      } catch (error) {
        this.#fail(error);
      }
      this.#doing.refuse(slot);
      this.jobs.freeSlot(slot);
      this.#stock.putBack(claimed);
      this.#slots.short(this.#doing.size);
      setTimeout(() => this.#bell.ring(), SHORTAGE_MS);
      return;
    }
  }

  /** @param worker the registration it was handed to. */
  #ended(slot: number, claimed: Claimed, worker: number, outcome: TryOutcome): void {
    this.#doing.end(slot);
    this.jobs.freeSlot(slot);
    this.#busyMs = nowMs();
    if (outcome !== null) this.#completions.add({ ...outcome, worker, claimed });
    else if (this.#membership.worker === worker) this.#stock.giveBackBegun(claimed);
    this.#begin();
    this.#bell.ring();
  }

  /** The batches there are jobs of here. */
  get #at(): Set<number> {
    return new Set([...this.#doing.batches, ...this.#stock.batches]);
  }

  #isEmptyLongEnough(): boolean {
    const { untilEmptyMs } = this.#options;
    const isBusy = this.#doing.size > 0 || this.#completions.backlog > 0 || this.#batches.open.length > 0; // others may be at it
    if (isBusy) this.#busyMs = nowMs();
    return !isBusy && untilEmptyMs !== undefined && nowMs() - this.#busyMs >= untilEmptyMs;
  }

  #tell(): void {
    const running = this.#doing.told(this.jobs.list());
    void this.#membership.tell({ running, waits: this.#state === "works" ? this.#gates.shortfall : null });
  }

  #tick(): void {
    this.#runners.tick();
    if (this.#gates.memoryIsShort) this.jobs.putOffYoungest();
  }

  #fail(error: unknown): void {
    this.#problem ??= error;
    this.stop();
  }
}
