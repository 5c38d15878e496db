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

  constructor(private readonly words: ContactWords) {}

  /** There was an answer. */
  answered(): void {
    if (this.#told && this.#lostMs !== undefined) this.words.back(bootMs() - this.#lostMs);
    this.#lostMs = undefined;
    this.#told = false;
    this.#tries = 0;
  }

  /** There was none. @returns how long to wait before the next try, ms. @throws the error, if it will not pass. */
  failed(error: unknown): number {
    if (!isPassing(error)) throw error;
    this.#lostMs ??= bootMs();
    const lost = bootMs() - this.#lostMs;
    if (!this.#told && lost >= LONG_MS) {
      this.#told = true;
      this.words.lost(lost);
    }
    const pause = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(this.#tries++, 10));
    return pause * (0.5 + Math.random() / 2); // not all at the same moment
  }
}
