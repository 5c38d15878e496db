/**
 * A worker's place on the farm: its registration with its lease, and through it the jobs that are handed out to it and given back.
 * Whoever has lost his lease is somebody new when he comes again, and has nothing of what he had.
 */
import { bootMs } from "../../os/boot-clock.ts";
import { version } from "../../version.ts";
import type { FarmConnection } from "../connection.ts";
import type { Contact } from "../contact.ts";
import {
  type Claimed,
  claimJobs,
  giveBackJobs,
  leaveFarm,
  registerWorker,
  tellWatchers,
  type WorkerReport,
} from "../jobs/worker-statements.ts";
import type { FarmProcess } from "../owner.ts";
import type { Batches } from "./batches.ts";
import { Pulse, type Pulsing, type Registered } from "./pulse.ts";

export interface MembershipParts {
  readonly owner: FarmProcess;
  readonly slots: number;
  readonly leaseMs: number;
  readonly contact: Contact;
  /** For jobs; for the lease, which nothing may hold up. */
  readonly work: FarmConnection;
  readonly beat: FarmConnection;
  readonly batches: Batches;
  readonly pulsing: Omit<Pulsing, "cannot">;
  /** Whether it is still wanted that an answer is waited for. */
  readonly goesOn: () => boolean;
}

const LEAVE_MS = 3_000;

/** What makes it worth telling anew. */
const keyOf = ({ running, waits }: WorkerReport): string =>
  JSON.stringify([running.map(({ b, s, slot }) => [b, s, slot]), waits?.of ?? null]);
/** Of one who has told nothing. */
const UNTOLD = keyOf({ running: [], waits: null });

export class Membership {
  readonly #parts: MembershipParts;
  #me: (Registered & { readonly pulse: Pulse }) | undefined;
  #claims = 0;
  #told = UNTOLD;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  /** Its number on the farm; null while it has none. */
  get worker(): number | null {
    return this.#me?.worker ?? null;
  }

  /** Whether it could not be renewed in time: in a moment others may have its jobs. */
  get isLate(): boolean {
    return this.#me?.pulse.isLate ?? false;
  }

  /** Whether its lease has run out, by our clock. */
  get isOver(): boolean {
    return this.#me?.pulse.isOver ?? false;
  }

  /** Renews its lease at once: there may be something to hear. */
  hear(): void {
    this.#me?.pulse.now();
  }

  /** Takes jobs, as somebody new if need be; none at all: is known to be there. @returns null if nobody knows which. @throws what the database says but for a claim's answer. */
  async claim(most: number): Promise<Claimed[] | null> {
    const { contact, batches, work, goesOn } = this.#parts;
    const me = this.#me ?? (await this.#register());
    if (most === 0) return [];
    const open = batches.open;
    const question = contact.question();
    try {
      for (let answered = true; open.length > 0; ) {
        if (answered) this.#claims += 1;
        const low = open.map((id) => batches.low(id, bootMs()));
        const asked = { worker: me.worker, claim: this.#claims, batches: open, low, most };
        let rows: Claimed[] | null;
        try {
          rows = await claimJobs(work, asked);
        } catch (error) {
          // Whether it was carried out nobody knows: what it took is ours.
          answered = false;
          await Bun.sleep(question.failed(error));
          if (this.#me?.worker !== me.worker || !goesOn()) return null;
          continue;
        }
        question.answered();
        answered = true;
        if (this.#me?.worker !== me.worker) return null; // they are others' by now
        if (rows === null) {
          me.pulse.now();
          return null;
        }
        let again = false;
        for (const id of open) {
          const first = rows.find(({ batch }) => batch === id)?.seq;
          again = batches.handedOut(id, first) || again;
        }
        if (rows.length > 0 || !again) return rows;
      }
      return [];
    } finally {
      question.end();
    }
  }

  /** Gives back jobs of this registration, as long as it lasts. @throws what will not pass. */
  async giveBack(claimed: readonly Claimed[], begun: boolean): Promise<void> {
    const { contact, work, goesOn } = this.#parts;
    const worker = this.worker;
    if (claimed.length === 0 || worker === null) return;
    const tries = claimed.map(({ batch, seq, attempt, claim }) => ({ batch, seq, attempt, claim, begun }));
    const question = contact.question();
    try {
      while (this.worker === worker) {
        try {
          await giveBackJobs(work, worker, tries);
          return question.answered();
        } catch (error) {
          await Bun.sleep(question.failed(error));
          if (!goesOn()) return; // leaving the farm gives back all
        }
      }
    } finally {
      question.end();
    }
  }

  /** Tells those who watch what runs here, and what it waits for, if it is not what was told last. */
  async tell(told: WorkerReport): Promise<void> {
    const key = keyOf(told);
    if (this.#me === undefined || key === this.#told) return;
    this.#told = key;
    await tellWatchers(this.#parts.beat, this.#me.worker, told).catch(() => {
      this.#told = "";
    });
  }

  /** Is no worker any more; what it may still have is anybody's. */
  async leave(): Promise<void> {
    const me = this.#me;
    this.#me = undefined;
    await me?.pulse.end();
    if (me !== undefined) await leaveFarm(this.#parts.work, me.worker, LEAVE_MS).catch(() => {});
  }

  async #register(): Promise<Registered & { readonly pulse: Pulse }> {
    const { leaseMs, slots, owner, contact, work, beat, batches, pulsing } = this.#parts;
    const token = crypto.randomUUID();
    const sentMs = bootMs();
    const worker = await registerWorker(work, { token, owner: { ...owner, version }, slots, ttlMs: leaseMs });
    const me: Registered = { worker, ttlMs: leaseMs, sentMs };
    const pulse = new Pulse(beat, me, contact, {
      ...pulsing,
      cannot: () => batches.cannot,
      lost: () => {
        this.#me = undefined;
        pulsing.lost();
      },
    });
    this.#me = { ...me, pulse };
    this.#claims = 0;
    this.#told = UNTOLD;
    if (Object.keys(batches.cannot).length > 0) pulse.now(); // others are to know why
    return this.#me;
  }
}
