/**
 * A batch, as whoever takes its results sees it: what has ended, what there is still to come, and that nobody else takes it. A database
 * that is away is waited for; after a signal not for much longer.
 */
import { ExitCode, LanesError } from "../../errors.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Address } from "../address.ts";
import { Bell } from "../bell.ts";
import { type Connection, Listener } from "../connection.ts";
import type { Contact } from "../contact.ts";
import {
  batchProgress,
  collectBatch,
  ENDED_CHANNEL,
  endedJobs,
  leaveBatch,
  removeBatch,
  stopBatch,
  takeJobs,
} from "../jobs/batch-statements.ts";
import type { Batch } from "./farm-run.ts";
import { Patience } from "./patience.ts";

export interface CollectionParts {
  readonly connection: Connection;
  readonly address: Address;
  readonly contact: Contact;
  readonly batch: Batch;
  /** Somebody else takes the results by now, or the batch is gone. */
  readonly gone: (error: LanesError) => void;
}

/** How long the database is waited for once all is to end, ms. */
const ENDING_MS = 1_000;
/** Without news it is looked for results so often, ms. */
export const LOOK_MS = 1_000;
/** Fetched with one question: jobs. */
const MOST = 500;

export class Collection {
  readonly bell = new Bell();
  readonly #parts: CollectionParts;
  readonly #patience: Patience;
  #listener: Listener | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #low = 0;
  #lowMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CollectionParts) {
    this.#parts = parts;
    this.#patience = new Patience(parts.contact);
  }

  /** Begins to hear of what ends. */
  begin(): void {
    const { address, batch } = this.#parts;
    const heard = (id: string) => id === String(batch.id) && this.bell.ring();
    this.#listener = new Listener(address, ENDED_CHANNEL, heard, () => this.bell.ring());
    void this.#listener.start();
    this.#watch = setInterval(() => void this.#stay(), LOOK_MS);
  }

  end(): void {
    clearInterval(this.#watch);
    this.#listener?.stop();
  }

  /** From now on the database is not waited for any longer than a moment. */
  hurry(): void {
    this.#patience.endWithin(ENDING_MS);
    this.bell.ring();
  }

  /** Asks until there is an answer. @throws what will not pass; LateError where there is no time any more. */
  again<T>(ask: () => Promise<T>): Promise<T> {
    return this.#patience.again(ask);
  }

  /** Jobs that have ended, but for those that are known. */
  async ended(known: ReadonlySet<number>) {
    const { connection, batch } = this.#parts;
    if (nowMs() - this.#lowMs > 3 * LOOK_MS) {
      this.#low = 0;
      this.#lowMs = nowMs();
    }
    const upTo = Number.MAX_SAFE_INTEGER;
    const from = (above: number) => () => endedJobs(connection, batch.id, { above, upTo, but: [...known], most: MOST });
    let jobs = await this.again(from(this.#low));
    if (jobs.length === 0 && this.#low > 0) {
      this.#low = 0;
      jobs = await this.again(from(0));
    }
    if (jobs[0] !== undefined) this.#low = jobs[0].seq - 1;
    return jobs;
  }

  /** How far the batch is. @throws LanesError if it is gone. */
  async progress() {
    const { connection, batch } = this.#parts;
    const progress = await this.again(() => batchProgress(connection, batch.id));
    if (progress === undefined) throw this.#gone();
    return progress;
  }

  /** What is out can be forgotten by the database. @throws LanesError if it is another's by now. */
  async take(seqs: readonly number[]): Promise<void> {
    const { connection, batch } = this.#parts;
    if (seqs.length === 0) return;
    if (!(await this.again(() => takeJobs(connection, batch.id, batch.token, seqs)))) throw this.#gone();
  }

  /** No more jobs of it are begun, or go on. */
  async stop(how: "halted" | "cancelled"): Promise<void> {
    const { connection, batch } = this.#parts;
    await this.again(() => stopBatch(connection, batch.id, how));
    this.bell.ring();
  }

  /** Nothing of it is needed any more (`remove`); or somebody may go on with it. */
  async leave(remove: boolean): Promise<void> {
    const { connection, batch } = this.#parts;
    const ask = () => (remove ? removeBatch(connection, batch.id) : leaveBatch(connection, batch.id, batch.token));
    await this.again(ask).catch(() => {});
    connection.close();
  }

  async #stay(): Promise<void> {
    const { connection, batch, gone } = this.#parts;
    try {
      if (!(await collectBatch(connection, batch.id, batch.token))) gone(this.#gone());
    } catch {
      // Whoever asks for results hears of it.
    }
  }

  #gone(): LanesError {
    const { batch, address } = this.#parts;
    return new LanesError("farm.batch.gone", { batch: batch.name, farm: address.label }, { exitCode: ExitCode.failed });
  }
}
