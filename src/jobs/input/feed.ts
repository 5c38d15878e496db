/**
 * The jobs still to be run: read from the values a batch at a time, and only when the last one is used up; or, for somebody
 * who wants to see how many there are, ahead of the jobs, into bounded memory.
 */
import type { JobValues } from "./values.ts";

/** A job to be run. */
export interface JobSpec {
  /** Its number in the input, from 1. */
  readonly seq: number;
  readonly values: JobValues;
  /** Which try this is, from 1. */
  readonly attempt: number;
}

/** What is read ahead at most (and the batch that passes this): bytes of values, and what each value takes besides. */
const AHEAD_LIMIT = 1 << 20;
const VALUE_BYTES = 32;

export class Feed {
  /** What was read and is not used up; {@link #at} belongs to the first. */
  readonly #batches: JobValues[][] = [];
  #at = 0;
  /** Jobs in what waits, and what it takes in memory if that is bounded; of the first batch the whole. */
  #waitingJobs = 0;
  #waitingBytes = 0;
  #seq = 0;
  readonly #again: JobSpec[] = [];
  #asking = false;
  #wanted = false;
  #ended = false;
  #ahead = false;

  /** @param onMore called when jobs have come that were asked for, or none will, or reading failed. */
  constructor(
    private readonly source: AsyncIterator<JobValues[]>,
    private readonly onMore: (error: Error | null) => void,
  ) {}

  /** Whether every job has been taken. */
  get empty(): boolean {
    return this.#ended && this.#batches.length === 0 && this.#again.length === 0;
  }

  /** How many jobs there have been so far; all there are once the values have ended. */
  get seen(): { jobs: number; all: boolean } {
    return { jobs: this.#seq + this.#waitingJobs - this.#at, all: this.#ended };
  }

  /** Reads ahead from now on, so that {@link seen} knows early how many there are. */
  readAhead(): void {
    this.#ahead = true;
    this.#waitingBytes = this.#batches.reduce((sum, batch) => sum + sizeOf(batch), 0);
    this.#ask();
  }

  /** The next job; undefined if there is none now. */
  take(): JobSpec | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const batch = this.#batches[0];
    const values = batch?.[this.#at];
    if (batch === undefined || values === undefined) {
      this.#wanted = true;
      this.#ask();
      return undefined;
    }
    this.#at += 1;
    this.#seq += 1;
    if (this.#at === batch.length) this.#usedUp(batch);
    return { seq: this.#seq, values, attempt: 1 };
  }

  /** A job that has to be run again, before all others. */
  putBack(job: JobSpec): void {
    this.#again.push(job);
  }

  #usedUp(batch: JobValues[]): void {
    this.#batches.shift();
    this.#at = 0;
    this.#waitingJobs -= batch.length;
    if (!this.#ahead) return;
    this.#waitingBytes -= sizeOf(batch);
    this.#ask();
  }

  #ask(): void {
    if (this.#asking || this.#ended) return;
    const isRoom = this.#batches.length === 0 || (this.#ahead && this.#waitingBytes < AHEAD_LIMIT);
    if (!isRoom) return;
    this.#asking = true;
    this.source.next().then(
      ({ done, value }) => this.#came(done === true ? null : value, null),
      (error: Error) => this.#came(null, error),
    );
  }

  #came(batch: JobValues[] | null, error: Error | null): void {
    this.#asking = false;
    this.#ended = batch === null;
    if (batch !== null && batch.length > 0) {
      this.#batches.push(batch);
      this.#waitingJobs += batch.length;
      if (this.#ahead) this.#waitingBytes += sizeOf(batch);
    }
    const tell = this.#wanted || this.#ended;
    this.#wanted = false;
    if (tell) this.onMore(error);
    if (this.#ahead) this.#ask();
  }
}

function sizeOf(batch: readonly JobValues[]): number {
  let bytes = 0;
  for (const values of batch) for (const value of values) bytes += value.length + VALUE_BYTES;
  return bytes;
}
