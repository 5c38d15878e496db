/**
 * The jobs a worker has taken and not begun. They are taken as there is room for them (and where jobs are short, some ahead), and
 * given back when they have waited for too long here, or are not to be begun any more.
 *
 * Always true: a job is here, or begun, or somebody else's; whoever has lost his lease has none.
 */
import { nowMs } from "../../recording/clock.ts";
import type { FarmConnection } from "../connection.ts";
import type { Contact, Question } from "../contact.ts";
import type { Claimed } from "../jobs/worker-statements.ts";
import type { Batches } from "./batches.ts";
import type { Membership } from "./membership.ts";

/** Without news it is looked for jobs so often, ms. */
export const IDLE_MS = 1_000;
/** Jobs that have waited here so long, ms, are given to those who have room. */
export const AHEAD_MS = 2_000;

/** A job that is here. */
type StockedTry = Claimed & { readonly takenMs: number };

export interface StockParts {
  readonly connection: FarmConnection;
  readonly contact: Contact;
  readonly batches: Batches;
  readonly membership: Membership;
  /** It is known anew which batches there are. */
  readonly refreshed: () => void;
  /** Something that will not pass. */
  readonly failed: (error: unknown) => void;
}

export class Stock {
  /** Jobs that were taken and not given back. */
  taken = 0;
  readonly #parts: StockParts;
  /** What there is; to be handed some of it. */
  readonly #questions: { readonly batches: Question; readonly jobs: Question };
  #jobs: StockedTry[] = [];
  #refreshMs = Number.NEGATIVE_INFINITY;

  constructor(parts: StockParts) {
    this.#parts = parts;
    this.#questions = { batches: parts.contact.question(), jobs: parts.contact.question() };
  }

  get size(): number {
    return this.#jobs.length;
  }

  /** The job whose turn it is. */
  get first(): StockedTry | undefined {
    return this.#jobs[0];
  }

  get batches(): readonly number[] {
    return this.#jobs.map(({ batch }) => batch);
  }

  /** The first one is being begun, or its batch is gone. */
  shift(): void {
    this.#jobs.shift();
  }

  /** It could not be begun yet: it is the first again. */
  putBack(job: StockedTry): void {
    this.#jobs.unshift(job);
  }

  /** There is something new: it is looked for at once. */
  news(): void {
    this.#refreshMs = Number.NEGATIVE_INFINITY;
  }

  /** What was here is others' by now. */
  lose(): void {
    this.#jobs = [];
  }

  /** Takes jobs. @returns how long to wait before the next time, ms; null: until there is news, for there were none. */
  async claim(most: number): Promise<number | null> {
    if (nowMs() - this.#refreshMs >= IDLE_MS && !(await this.#refresh())) return IDLE_MS;
    try {
      const rows = await this.#parts.membership.claim(most);
      if (rows === null) return IDLE_MS;
      this.#questions.jobs.answered();
      const takenMs = nowMs();
      this.#jobs.push(...rows.map((row) => ({ ...row, takenMs })));
      this.taken += rows.length;
      return rows.length > 0 ? 0 : null;
    } catch (error) {
      return this.#pauseAfter(this.#questions.jobs, error);
    }
  }

  /** Gives back what has waited for too long, or is not to be begun any more. */
  async withdraw(): Promise<void> {
    const [first] = this.#jobs;
    if (first === undefined) return;
    if (nowMs() - first.takenMs >= AHEAD_MS) this.giveBack(() => true);
    if (nowMs() - this.#refreshMs < IDLE_MS || !(await this.#refresh())) return;
    const open = new Set(this.#parts.batches.open);
    this.giveBack(({ batch }) => !open.has(batch));
  }

  /** Gives back such jobs as have not been begun. */
  giveBack(which: (claimed: Claimed) => boolean): void {
    const back = this.#jobs.filter(which);
    this.#jobs = this.#jobs.filter((claimed) => !back.includes(claimed));
    this.#giveBack(back, false);
  }

  /** Gives back a job that was begun, and was ended from here. */
  giveBackBegun(claimed: Claimed): void {
    this.#giveBack([claimed], true);
  }

  /** Takes no more, and gives back all. */
  end(): void {
    for (const question of Object.values(this.#questions)) question.end();
    this.giveBack(() => true);
  }

  #giveBack(claimed: readonly Claimed[], begun: boolean): void {
    this.taken -= claimed.length;
    const { membership, failed } = this.#parts;
    membership.giveBack(claimed, begun).catch(failed);
  }

  /** Finds out what there is to do. @returns whether there was an answer. */
  async #refresh(): Promise<boolean> {
    const { batches, connection, membership, refreshed } = this.#parts;
    this.#refreshMs = nowMs();
    const before = JSON.stringify(batches.cannot);
    try {
      await batches.refresh(connection, nowMs());
    } catch (error) {
      this.#pauseAfter(this.#questions.batches, error);
      return false;
    }
    this.#questions.batches.answered();
    if (JSON.stringify(batches.cannot) !== before) membership.hear(); // which tells it, too
    refreshed();
    return true;
  }

  #pauseAfter(question: Question, error: unknown): number {
    try {
      return question.failed(error);
    } catch (lasting) {
      this.#parts.failed(lasting);
      return IDLE_MS;
    }
  }
}
