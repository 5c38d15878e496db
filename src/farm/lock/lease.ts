/**
 * Keeping a lock in the database while its command runs: renewed three times a lease, and given up in time where that fails.
 *
 *     sent            + lease/3         … − margin − grace     − margin      + lease
 *     ├───────────────┼──────────────────────┼──────────────────┼──────────────┤
 *     renewal sent    the next one           the command gets   it is killed   others may have it (at the earliest,
 *                     (then again and again) SIGTERM                           for the server counts from later on)
 *
 * Always true, if this process's timers are no more than the margin late and both machines' clocks go at the same rate within a
 * hundredth: the command is gone before anybody else can have the lock. Every moment is counted from before its request was
 * sent, by a clock that goes on while the machine is suspended.
 */
import { bootMs } from "../../os/boot-clock.ts";
import type { FarmConnection } from "../connection.ts";
import type { Contact, Question } from "../contact.ts";
import { type Acquired, type LeaseClaim, renewLock } from "./statements.ts";

/** For timers that are late, and clocks that go faster, ms. */
const MARGIN_MS = 1_000;
const MOST_GRACE_MS = 5_000;
/** A timer does not know of a suspended machine: at the latest so long after it looks at the clock, ms. */
const LOOK_MS = 1_000;

/** From SIGTERM to SIGKILL, ms. */
export const graceOf = (leaseMs: number): number => Math.min(MOST_GRACE_MS, leaseMs / 6);

/** When the command of a lock that could not be renewed gets SIGTERM. @param untilMs when others may have it, at the earliest. */
export const lastMoment = (untilMs: number, leaseMs: number): number => untilMs - MARGIN_MS - graceOf(leaseMs);

/** It is not sure any more that the lock is ours. */
export interface Loss {
  /** `contact`: it could not be renewed in time; `taken`: it was broken, or another's already. */
  readonly why: "contact" | "taken";
  /** Ms since the last renewal was sent. */
  readonly sinceMs: number;
  /** When the command has to be gone, on {@link bootMs}. */
  readonly killMs: number;
}

export class Lease {
  #untilMs: number;
  #loss: Loss | undefined;
  #refused = false;
  readonly #question: Question;
  readonly #over = new AbortController();

  /**
   * Begins to keep it.
   * @param lost is called once, when the lock is not surely ours any more.
   */
  constructor(
    private readonly connection: FarmConnection,
    private readonly claim: LeaseClaim,
    private readonly got: Acquired,
    contact: Contact,
    private readonly lost: (loss: Loss) => void,
  ) {
    this.#untilMs = got.untilMs;
    this.#question = contact.question();
    void this.#renew();
    void this.#watch();
  }

  /** What was lost, if it was. */
  get loss(): Loss | undefined {
    return this.#loss;
  }

  /** No more renewals: it is going to be freed. */
  end(): void {
    this.#over.abort();
    this.#question.end();
  }

  async #renew(): Promise<void> {
    const { leaseMs } = this.claim;
    let nextMs = this.#untilMs - leaseMs + leaseMs / 3;
    while (await this.#reached(() => nextMs)) {
      const sentMs = bootMs();
      try {
        const held = await renewLock(this.connection, this.claim, this.got, leaseMs / 4);
        this.#question.answered();
        if (!held) {
          this.#refused = true;
          return this.#lose("taken");
        }
        this.#untilMs = sentMs + leaseMs;
        nextMs = sentMs + leaseMs / 3;
      } catch (error) {
        // Whatever it is, up to the last moment it may pass.
        nextMs = bootMs() + Math.min(leaseMs / 12, this.#pauseAfter(error));
      }
    }
  }

  #pauseAfter(error: unknown): number {
    try {
      return this.#question.failed(error);
    } catch {
      return LOOK_MS;
    }
  }

  async #watch(): Promise<void> {
    if (await this.#reached(() => lastMoment(this.#untilMs, this.claim.leaseMs))) this.#lose("contact");
  }

  #lose(why: Loss["why"]): void {
    if (this.#loss !== undefined || this.#over.signal.aborted) return;
    const nowMs = bootMs();
    const grace = graceOf(this.claim.leaseMs);
    const killMs = Math.max(nowMs, Math.min(this.#untilMs - MARGIN_MS, nowMs + grace));
    this.#loss = { why, sinceMs: nowMs - (this.#untilMs - this.claim.leaseMs), killMs };
    this.lost(this.#loss);
  }

  /** Resolves to true when that moment has come, wherever it is moved meanwhile; to false when all is over. */
  async #reached(momentMs: () => number): Promise<boolean> {
    while (!this.#over.signal.aborted && !this.#refused) {
      const leftMs = momentMs() - bootMs();
      if (leftMs <= 0) return true;
      await this.#pause(Math.min(LOOK_MS, leftMs));
    }
    return false;
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = () => resolve();
    const timer = setTimeout(done, ms);
    const { signal } = this.#over;
    signal.addEventListener("abort", done, { once: true });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", done);
  }
}
