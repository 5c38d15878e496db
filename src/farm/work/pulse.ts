/**
 * The worker's lease: renewed three times in its length, on a connection of its own, whatever the worker is doing. Whoever renews his own
 * gives up others whose lease is over: when that is allowed the database decides (schema.ts). Its rule counts on this: after an
 * outage a worker that lives is heard again within a sixth of its lease.
 */
import { bootMs } from "../../os/boot-clock.ts";
import { Bell } from "../bell.ts";
import type { FarmConnection } from "../connection.ts";
import type { Contact, Question } from "../contact.ts";
import { giveUpOthers, renewWorker } from "../jobs/worker-statements.ts";
import { graceOf, lastMoment } from "../lock/lease.ts";

/** A timer knows nothing of a suspended machine: at the latest so long after it looks at the clock, ms. */
const LOOK_MS = 1_000;
/** How often it is looked whether the lease is nearly over, ms. */
const WATCH_MS = 250;
/** However short the lease is, an answer gets so much, ms. */
const LEAST_MS = 500;

/** What a worker is asked, and told. */
export interface Pulsing {
  /** The batches it is at. */
  batches(): readonly number[];
  /** Why it does not do the jobs of some, by their numbers. */
  cannot(): Readonly<Record<string, string>>;
  /** The jobs of these batches are to end. */
  ends(batches: readonly number[]): void;
  /** It was not renewed in time, and others have its jobs. */
  lost(): void;
  /** It could not be renewed: others may have its jobs soon, and what must be gone by then has so long, ms. */
  late(graceMs: number): void;
  /** It was renewed after its lease was over: nobody has taken its jobs. */
  again(): void;
  /** What will not pass has gone wrong. */
  failed(error: unknown): void;
}

/** One registration of a worker. */
export interface Registered {
  readonly worker: number;
  readonly ttlMs: number;
  /** On bootMs, before it was asked for. */
  readonly sentMs: number;
}

export class Pulse {
  #untilMs: number;
  #lateMs = 0;
  #over = false;
  #hurry = false;
  readonly #bell = new Bell();
  readonly #question: Question;
  readonly #watch: ReturnType<typeof setInterval>;
  readonly #done: Promise<void>;

  constructor(
    private readonly connection: FarmConnection,
    private readonly me: Registered,
    contact: Contact,
    private readonly of: Pulsing,
  ) {
    this.#untilMs = me.sentMs + me.ttlMs;
    this.#question = contact.question();
    this.#watch = setInterval(() => this.#lookAtClock(), WATCH_MS);
    this.#done = this.#beat();
  }

  /** The lease has run out, by our clock: others may have the worker's jobs, unless the next renewal says that they do not. */
  get isOver(): boolean {
    return bootMs() >= this.#untilMs;
  }

  /** Whether it is too late to begin what must be gone before others may have it. */
  get isLate(): boolean {
    return bootMs() >= lastMoment(this.#untilMs, this.me.ttlMs);
  }

  /** Renews it at once: there may be something to hear. */
  now(): void {
    this.#hurry = true;
    this.#bell.ring();
  }

  /** Renews it no more. */
  async end(): Promise<void> {
    this.#stop();
    await this.#done;
  }

  #stop(): void {
    this.#over = true;
    this.#question.end();
    clearInterval(this.#watch);
    this.#bell.ring();
  }

  async #beat(): Promise<void> {
    const { worker, ttlMs } = this.me;
    const withinMs = Math.max(LEAST_MS, ttlMs / 12);
    let nextMs = this.me.sentMs + ttlMs / 3;
    while (await this.#reached(nextMs)) {
      const sentMs = bootMs();
      try {
        const ends = await renewWorker(this.connection, worker, this.of.batches(), this.of.cannot(), withinMs);
        this.#question.answered();
        if (this.#over) break;
        if (ends === null) {
          this.#stop();
          this.of.lost();
          break;
        }
        const wasOver = this.isOver;
        this.#untilMs = sentMs + ttlMs;
        if (wasOver) this.of.again();
        nextMs = sentMs + ttlMs / 3;
        if (ends.length > 0) this.of.ends(ends);
        await giveUpOthers(this.connection, worker, withinMs);
      } catch (error) {
        nextMs = bootMs() + Math.min(ttlMs / 12, this.#pauseAfter(error));
      }
    }
  }

  #pauseAfter(error: unknown): number {
    try {
      return this.#question.failed(error);
    } catch (lasting) {
      if (!this.#over) this.of.failed(lasting);
      return LOOK_MS;
    }
  }

  /** Says once for each lease that it is nearly over. */
  #lookAtClock(): void {
    if (this.#lateMs === this.#untilMs || !this.isLate) return;
    this.#lateMs = this.#untilMs;
    const { ttlMs } = this.me;
    this.of.late(Math.max(0, lastMoment(this.#untilMs, ttlMs) + graceOf(ttlMs) - bootMs()));
  }

  /** Resolves to true at that moment, or earlier where there is a hurry; to false when all is over. */
  async #reached(momentMs: number): Promise<boolean> {
    for (;;) {
      this.#bell.reset();
      const leftMs = momentMs - bootMs();
      if (this.#over) return false;
      if (leftMs <= 0 || this.#hurry) break;
      await this.#bell.heardWithin(Math.min(leftMs, LOOK_MS));
    }
    this.#hurry = false;
    return true;
  }
}
