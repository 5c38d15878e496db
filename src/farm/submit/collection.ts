/**
 * A batch, as whoever takes its results sees it: what has ended, what there is still to come, and that nobody else takes it. A database
 * that is away is waited for; after a signal not for much longer.
 *
 * Always true: once somebody else takes the results nothing is done to the batch from here any more; the database sees to that as well.
 */
import { ExitCode, LanesError } from "../../errors.ts";
import { nowMs } from "../../recording/clock.ts";
import type { FarmAddress } from "../address.ts";
import { Bell } from "../bell.ts";
import { type FarmConnection, Listener } from "../connection.ts";
import type { Contact } from "../contact.ts";
import { type BatchProgress, batchProgress, removeBatch, stopBatch } from "../jobs/batch-statements.ts";
import {
  collectBatch,
  ENDED_CHANNEL,
  type EndedJob,
  endedJobs,
  giveUpWorkers,
  leaveBatch,
  takeJobs,
} from "../jobs/collect-statements.ts";
import { Patience } from "./patience.ts";

/** The batch that a run or a map is about. */
export interface Batch {
  readonly id: number;
  readonly name: string;
  /** By the database's clock when it was opened, or gone on with, ms since the epoch. */
  readonly atMs: number;
  /** What whoever takes the results goes by. */
  readonly token: string;
}

export interface CollectionParts {
  readonly connection: FarmConnection;
  readonly address: FarmAddress;
  readonly contact: Contact;
  readonly batch: Batch;
  /** Somebody else takes the results by now, or the batch is gone. */
  readonly gone: (error: LanesError) => void;
  /** What else is to be looked at now and then. What it throws does not matter: whoever asks for results hears of it. */
  readonly look?: (() => Promise<void>) | undefined;
}

/** Without news it is looked for results so often, ms. */
export const LOOK_MS = 1_000;
/** Whoever works tells of what has ended about so often, ms (work/completions.ts). */
const REST_MS = 25;
/** Jobs that have ended behind what is looked at are looked for so often, ms. */
const FROM_START_MS = 3_000;
/** Fetched with one question: jobs. */
const MOST = 500;

/** Numbers of jobs: those above one, up to another. */
export interface JobWindow {
  readonly above: number;
  readonly upTo: number;
}

export class Collection {
  /** Rung when there may be something new. */
  readonly bell = new Bell();
  /** Jobs whose results the database has forgotten. */
  taken = 0;
  readonly #parts: CollectionParts;
  readonly #patience: Patience;
  /** Rung when jobs have ended. */
  readonly #news = new Bell();
  #listener: Listener | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #looking = false;
  #isGone = false;
  #low = 0;
  #lowMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CollectionParts) {
    this.#parts = parts;
    this.#patience = new Patience(parts.contact);
  }

  get connection(): FarmConnection {
    return this.#parts.connection;
  }

  get batch(): Batch {
    return this.#parts.batch;
  }

  /** Begins to hear of what ends. */
  begin(): void {
    const { address, batch } = this.#parts;
    const heard = (id: string) => {
      if (id !== String(batch.id)) return;
      this.#news.ring();
      this.bell.ring();
    };
    this.#listener = new Listener(address, ENDED_CHANNEL, heard, () => this.bell.ring());
    void this.#listener.start();
    this.#watch = setInterval(() => void this.#look(), LOOK_MS);
  }

  end(): void {
    clearInterval(this.#watch);
    this.#listener?.stop();
  }

  /** From now on the database is waited for so many ms at the most. */
  endWithin(ms: number): void {
    this.#patience.endWithin(ms);
    this.bell.ring();
  }

  /** Asks until there is an answer. @throws what will not pass; LateError where there is no time any more. */
  again<T>(ask: () => Promise<T>): Promise<T> {
    return this.#patience.again(ask);
  }

  /** Waits until more jobs have ended than were asked for last; not for long, for none may. */
  async more(): Promise<void> {
    await this.#news.heardWithin(REST_MS);
  }

  /** Jobs that have ended, but for those that are known; of all, if there is no window. */
  async ended(known: ReadonlySet<number>, window: JobWindow | null): Promise<EndedJob[]> {
    this.#news.reset();
    const { connection, batch } = this.#parts;
    const within = ({ above, upTo }: JobWindow) =>
      this.again(() => endedJobs(connection, batch.id, { above, upTo, but: [...known], most: MOST }));
    if (window !== null) return within(window);
    if (nowMs() - this.#lowMs > FROM_START_MS) {
      this.#low = 0;
      this.#lowMs = nowMs();
    }
    const upTo = Number.MAX_SAFE_INTEGER;
    let jobs = await within({ above: this.#low, upTo });
    if (jobs.length === 0 && this.#low > 0) {
      this.#low = 0;
      jobs = await within({ above: 0, upTo });
    }
    if (jobs[0] !== undefined) this.#low = jobs[0].seq - 1;
    return jobs;
  }

  /** How far the batch is. @throws LanesError if it is gone. */
  async progress(): Promise<BatchProgress> {
    const { connection, batch } = this.#parts;
    const progress = await this.again(() => batchProgress(connection, batch.id));
    if (progress === undefined) throw this.#gone();
    // Others who work see to it that the jobs of one who is lost are handed on; here it is for the case that nobody works any more.
    if (progress.alive < progress.held) await this.again(() => giveUpWorkers(connection, batch.id, batch.token));
    return progress;
  }

  /** What is out can be forgotten by the database. @throws LanesError if it is another's by now. */
  async take(seqs: readonly number[]): Promise<void> {
    const { connection, batch } = this.#parts;
    if (seqs.length === 0) return;
    if (!(await this.again(() => takeJobs(connection, batch.id, batch.token, seqs)))) throw this.#gone();
    this.taken += seqs.length;
  }

  /** No more jobs of it are begun, or go on. */
  async stop(how: "halted" | "cancelled"): Promise<void> {
    const { connection, batch } = this.#parts;
    if (!this.#isGone) await this.again(() => stopBatch(connection, batch.id, how, batch.token));
    this.bell.ring();
  }

  /** Nothing of it is needed any more (`remove`); or somebody may go on with it. The connection is closed. */
  async leave(how: "remove" | "for others"): Promise<void> {
    const { connection, batch } = this.#parts;
    const leaving = how === "remove" ? removeBatch : leaveBatch;
    if (!this.#isGone) await this.again(() => leaving(connection, batch.id, batch.token)).catch(() => {});
    connection.close();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const { connection, batch, gone, look } = this.#parts;
    try {
      if (!(await collectBatch(connection, batch.id, batch.token))) gone(this.#gone());
      await look?.();
    } catch {
      // Whoever asks for results hears of it.
    } finally {
      this.#looking = false;
    }
  }

  #gone(): LanesError {
    const { batch, address } = this.#parts;
    this.#isGone = true;
    return new LanesError("farm.batch.gone", { batch: batch.name, farm: address.label }, { exitCode: ExitCode.failed });
  }
}
