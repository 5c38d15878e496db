/** Asking a database that may be away: for as long as it takes; after a signal not for much longer. */

import type { Contact } from "../contact.ts";
import { LateError } from "../failures.ts";

export class Patience {
  readonly #over = Promise.withResolvers<never>();
  #endMs = Number.POSITIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(private readonly contact: Contact) {
    this.#over.promise.catch(() => {}); // nobody may be waiting when it ends
  }

  /** In so many ms at the latest it is over. */
  endWithin(ms: number): void {
    const endMs = performance.now() + ms;
    if (endMs >= this.#endMs) return;
    this.#endMs = endMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#over.reject(new LateError(ms));
    }, ms);
    this.#timer.unref();
  }

  /** Asks until there is an answer. @throws what will not pass; LateError when it is over. */
  async again<T>(ask: () => Promise<T>): Promise<T> {
    const question = this.contact.question();
    try {
      for (;;) {
        try {
          const answer = await Promise.race([ask(), this.#over.promise]);
          question.answered();
          return answer;
        } catch (error) {
          if (this.#isOver) throw error;
          const pauseMs = question.failed(error);
          await Promise.race([Bun.sleep(pauseMs), this.#over.promise]);
        }
      }
    } finally {
      question.end();
    }
  }
}
