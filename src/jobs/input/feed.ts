/** The jobs still to be run: read from the values a batch at a time, and only when the last one is used up. */
import type { Values } from "./values.ts";

/** A job to be run. */
export interface JobSpec {
  /** Its number in the input, from 1. */
  readonly seq: number;
  readonly values: Values;
  /** Which try this is, from 1. */
  readonly attempt: number;
}

export class Feed {
  #batch: Values[] = [];
  #at = 0;
  #seq = 0;
  #again: JobSpec[] = [];
  #asking = false;
  #ended = false;

  /** @param onMore called when jobs have come, or none will, or reading failed. */
  constructor(
    private readonly source: AsyncIterator<Values[]>,
    private readonly onMore: (error: Error | null) => void,
  ) {}

  /** Whether every job has been taken. */
  get empty(): boolean {
    return this.#ended && this.#again.length === 0;
  }

  /** How many jobs there have been so far; all there are once the values have ended. */
  get seen(): { jobs: number; all: boolean } {
    return { jobs: this.#seq + this.#batch.length - this.#at, all: this.#ended };
  }

  /** The next job; undefined if there is none now. */
  take(): JobSpec | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const values = this.#batch[this.#at];
    if (values === undefined) {
      this.#ask();
      return undefined;
    }
    this.#at += 1;
    this.#seq += 1;
    return { seq: this.#seq, values, attempt: 1 };
  }

  /** A job that has to be run again, before all others. */
  putBack(job: JobSpec): void {
    this.#again.push(job);
  }

  #ask(): void {
    if (this.#asking || this.#ended) return;
    this.#asking = true;
    const more = (batch: Values[] | null, error: Error | null) => {
      this.#asking = false;
      this.#batch = batch ?? [];
      this.#at = 0;
      this.#ended = batch === null;
      this.onMore(error);
    };
    this.source.next().then(
      ({ done, value }) => more(done === true ? null : value, null),
      (error: Error) => more(null, error),
    );
  }
}
