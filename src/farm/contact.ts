/**
 * Trying on while the database is away: a restart, a cut network, a full disk are waited for, not failed for. Says that contact
 * was lost once that has lasted, and that it is back.
 */
import { bootMs } from "../os/boot-clock.ts";
import { isPassing } from "./failures.ts";

/** Between two tries, ms: doubled from the first to the last. */
const FIRST_MS = 100;
const LAST_MS = 5_000;
/** From here on it is worth a word, ms. */
const LONG_MS = 5_000;

/** How to tell somebody. */
export interface ContactWords {
  lost(ms: number): void;
  back(ms: number): void;
}

/** What is known of the contact with one farm. */
export class Contact {
  #lostMs: number | undefined;
  #told = false;
  #tries = 0;

  /** @param giveUpMs after so long without contact it is lost for good. */
  constructor(
    private readonly words: ContactWords,
    private readonly giveUpMs = Number.POSITIVE_INFINITY,
  ) {}

  /** There was an answer. */
  answered(): void {
    if (this.#told && this.#lostMs !== undefined) this.words.back(bootMs() - this.#lostMs);
    this.#lostMs = undefined;
    this.#told = false;
    this.#tries = 0;
  }

  /** Asks until there is an answer. @throws what will not pass. */
  async answer<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await ask();
        this.answered();
        return answer;
      } catch (error) {
        await Bun.sleep(this.failed(error));
      }
    }
  }

  /** There was none. @returns how long to wait before the next try, ms. @throws the error, if it will not pass; or if it has not for too long. */
  failed(error: unknown): number {
    if (!isPassing(error)) throw error;
    this.#lostMs ??= bootMs();
    const lost = bootMs() - this.#lostMs;
    if (lost > this.giveUpMs) throw error;
    if (!this.#told && lost >= LONG_MS) {
      this.#told = true;
      this.words.lost(lost);
    }
    const pause = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(this.#tries++, 10));
    return pause * (0.5 + Math.random() / 2); // not all at the same moment
  }
}
