/** Values on their way into the database, as jobs of a batch: many at once, as they are read. */
import type { JobSpec } from "../../jobs/input/feed.ts";
import type { JobValues } from "../../jobs/input/values.ts";
import { type Refusal, refuseValues } from "../../jobs/refusal.ts";
import type { FarmConnection } from "../connection.ts";
import { closeBatch, putJobs } from "../jobs/batch-statements.ts";
import { packTexts } from "../jobs/payload.ts";

/** Put at once: jobs, and bytes of them. */
const MOST = 1_000;
const MOST_BYTES = 1 << 20;

export interface SubmissionParts {
  readonly connection: FarmConnection;
  readonly values: AsyncIterator<JobValues[]>;
  /** Whether an earlier run has done a job. */
  readonly isDone: (seq: number, values: JobValues) => boolean;
  /** A job that is done already, or can never be done. */
  readonly skipped: (job: JobSpec) => void;
  readonly refused: (job: JobSpec, refusal: Refusal) => void;
  /** Resolves when there is room for more. */
  readonly room: () => Promise<void>;
  /** Tries until it goes through. */
  readonly again: <T>(ask: () => Promise<T>) => Promise<T>;
}

export class Submission {
  /** Jobs that were put into the database. */
  put = 0;
  /** All values have been read, and their jobs are there. */
  over = false;
  #seq = 0;
  #ended = false;
  #waiting: { seq: number; payload: Buffer }[] = [];
  #bytes = 0;

  constructor(private readonly parts: SubmissionParts) {}

  /** Jobs that were read. */
  get read(): number {
    return this.#seq;
  }

  /** Reads no more. */
  end(): void {
    this.#ended = true;
  }

  /** Puts all. @throws what reading the values throws; what `again` does. */
  async run(batch: number): Promise<void> {
    const { values, again, connection } = this.parts;
    while (!this.#ended) {
      const { done, value } = await values.next();
      if (done === true) break;
      for (const row of value) {
        if (this.#ended) break;
        this.#take(row);
        if (this.#waiting.length >= MOST || this.#bytes >= MOST_BYTES) await this.#flush(batch);
      }
      await this.#flush(batch);
      await this.parts.room();
    }
    await again(() => closeBatch(connection, batch, this.put));
    this.over = true;
  }

  #take(values: JobValues): void {
    this.#seq += 1;
    const job: JobSpec = { seq: this.#seq, values, attempt: 1 };
    const refusal = refuseValues(values);
    if (this.parts.isDone(job.seq, values)) this.parts.skipped(job);
    else if (refusal !== null) this.parts.refused(job, refusal);
    else {
      const payload = packTexts(values);
      this.#waiting.push({ seq: job.seq, payload });
      this.#bytes += payload.length;
    }
  }

  async #flush(batch: number): Promise<void> {
    const jobs = this.#waiting.splice(0);
    this.#bytes = 0;
    if (jobs.length === 0) return;
    await this.parts.again(() => putJobs(this.parts.connection, batch, jobs));
    this.put += jobs.length;
  }
}
