/**
 * Trying on while the database is away: a restart, a cut network, a full disk are waited for, not failed for. Says that contact
 * was lost once that has lasted, and that it is back.
 *
 * What matters is each question: a database whose disk is full, or that has become a standby, answers some and carries out none.
 */
import { bootMs } from "../os/boot-clock.ts";
import { isPassing, LateError } from "./failures.ts";

/** Between two tries, ms: doubled from the first to the last. */
const FIRST_MS = 100;
const LAST_MS = 5_000;
/** From here on it is worth a word, ms. */
const LONG_MS = 5_000;
/** A timer cannot be longer. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** How to tell somebody. */
export interface ContactWords {
  /** @param error what the question that was asked last met. */
  lost(ms: number, error: unknown): void;
  back(ms: number): void;
}

/** Something that is asked until there is an answer. */
export class Question {
  #tries = 0;

  /** @param met is told what it met: an error; null for an answer; nothing where it is not asked any more. */
  constructor(private readonly met: (question: Question, error?: unknown) => void) {}

  /** There was an answer. */
  answered(): void {
    this.#tries = 0;
    this.met(this, null);
  }

  /** There was none. @returns how long to wait before the next try, ms. @throws the error, if it will not pass; or if it has not for too long. */
  failed(error: unknown): number {
    if (!isPassing(error)) throw error;
    this.met(this, error);
    const pause = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(this.#tries++, 10));
    return pause * (0.5 + Math.random() / 2); // not all at the same moment
  }

  /** It is not asked any more, whether there was an answer or not. */
  end(): void {
    this.met(this);
  }
}

/** What is known of the contact with one farm. */
export class Contact {
  /** Those that wait for an answer after they have met an error. */
  readonly #open = new Set<Question>();
  #lostMs = 0;
  #answeredMs = 0;
  #told = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Is told when it is lost for good, while everybody waits for an answer that may not come for long. */
  onGivenUp: ((error: unknown) => void) | undefined;

  /** @param giveUpMs after so long without any answer it is lost for good. */
  constructor(
    private readonly words: ContactWords,
    private readonly giveUpMs = Number.POSITIVE_INFINITY,
    private readonly now = bootMs,
  ) {}

  /** Something to ask. */
  question(): Question {
    return new Question((question, error) => {
      if (error === undefined || error === null) this.#close(question, error === null);
      else this.#fail(question, error);
    });
  }

  /** Asks until there is an answer. @throws what will not pass. */
  async answer<T>(ask: () => Promise<T>): Promise<T> {
    const question = this.question();
    try {
      for (;;) {
        try {
          const answer = await ask();
          question.answered();
          return answer;
        } catch (error) {
          await Bun.sleep(question.failed(error));
        }
      }
    } finally {
      question.end();
    }
  }

  #close(question: Question, answered: boolean): void {
    if (answered && this.#open.size > 0) this.#answeredMs = this.now();
    if (!this.#open.delete(question) || this.#open.size > 0) return;
    if (this.#told && answered) this.words.back(this.now() - this.#lostMs);
    this.#told = false;
    clearTimeout(this.#timer);
  }

  #fail(question: Question, error: unknown): void {
    const nowMs = this.now();
    // What is late has been waited for in vain all the while.
    if (this.#open.size === 0) this.#lostMs = nowMs - (error instanceof LateError ? error.withinMs : 0);
    this.#open.add(question);
    const leftMs = this.giveUpMs - (nowMs - Math.max(this.#lostMs, this.#answeredMs));
    if (leftMs < 0) throw error;
    this.#watch(leftMs, error);
    if (this.#told || nowMs - this.#lostMs < LONG_MS) return;
    this.#told = true;
    this.words.lost(nowMs - this.#lostMs, error);
  }

  /** A try may take as long as its deadline; who gives up sooner is told in time. */
  #watch(leftMs: number, error: unknown): void {
    clearTimeout(this.#timer);
    if (leftMs > MOST_TIMER_MS) return;
    this.#timer = setTimeout(() => {
      const stillMs = this.giveUpMs - (this.now() - Math.max(this.#lostMs, this.#answeredMs));
      if (stillMs > 0) this.#watch(stillMs, error);
      else this.onGivenUp?.(error);
    }, leftMs);
    this.#timer.unref();
  }
}
