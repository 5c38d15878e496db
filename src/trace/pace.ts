/**
 * How long to wait from one look at the processes to the next: looking may cost a small part of a core.
 *
 * A look is reckoned at the cheaper of itself and the one before. The first of a kind costs many times what all others do (its
 * code is compiled, a library is opened), and on a busy machine one may lose its core in the middle: to pay for that with a pause
 * of a quarter of a second would show what sleeps from its first moment on as running all that time.
 */

/** The shortest and the longest pause, ms, and the part of a core that looking may cost. */
const [SHORTEST_MS, LONGEST_MS, SHARE] = [4, 250, 0.015];

export class Pace {
  #lastMs = 0;

  /** @param costMs what the look cost by the clock. @returns ms until the next. */
  afterLook(costMs: number): number {
    const usualMs = Math.min(costMs, this.#lastMs);
    this.#lastMs = costMs;
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, usualMs / SHARE));
  }
}
