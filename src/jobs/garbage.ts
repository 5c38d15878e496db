/**
 * Memory that stays flat over any number of jobs. Left to itself, or asked to collect when it likes, the collector lets
 * tens of megabytes pile up, because it does not know what a child costs outside its heap.
 */

/** Jobs after which what they left behind is collected, which takes less than 1 ms. */
const EVERY = 1_000;

export class Garbage {
  #next = EVERY;

  /** Collects, if it is time. @param jobs how many have ended. */
  collect(jobs: number): void {
    if (jobs < this.#next) return;
    this.#next = jobs + EVERY;
    Bun.gc(true);
  }
}
