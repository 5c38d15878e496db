/** Asking a database that may be away: for as long as it takes; after a signal not for much longer. */

import type { Contact } from "../contact.ts";
import { LateError } from "../failures.ts";

export class Patience {
  /**
   * Those who wait, each with a promise of its own: one that all of them raced with would keep every answer (all that jobs wrote) in
   * memory for as long as it lasts itself.
   */
  readonly #waiting = new Set<(late: LateError) => void>();
  #endMs = Number.POSITIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over: LateError | undefined;

  constructor(private readonly contact: Contact) {}

  /** In so many ms at the latest it is over. */
  endWithin(ms: number): void {
    const endMs = performance.now() + ms;
    if (endMs >= this.#endMs) return;
    this.#endMs = endMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#over = new LateError(ms);
      for (const end of this.#waiting) end(this.#over);
    }, ms);
    this.#timer.unref();
  }

  /** Asks until there is an answer. @throws what will not pass; LateError when it is over. */
  async again<T>(ask: () => Promise<T>): Promise<T> {
    const question = this.contact.question();
    try {
      for (;;) {
        try {
          const answer = await this.#orOver(ask());
          question.answered();
          return answer;
        } catch (error) {
          if (this.#over !== undefined) throw error;
          await this.#orOver(Bun.sleep(question.failed(error)));
        }
      }
    } finally {
      question.end();
    }
  }

  async #orOver<T>(promise: Promise<T>): Promise<T> {
    const over = Promise.withResolvers<never>();
    if (this.#over !== undefined) over.reject(this.#over);
    this.#waiting.add(over.reject);
    try {
      return await Promise.race([promise, over.promise]);
    } finally {
      this.#waiting.delete(over.reject);
    }
  }
}
