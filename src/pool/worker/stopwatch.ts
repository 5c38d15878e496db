/**
 * Times items without costing them anything: one by one if they take long enough for the clock not to matter, else up to
 * MOST_TOGETHER at a time.
 */
import { Histogram } from "../histogram.ts";

const MOST_TOGETHER = 64;
/** Items are timed together as long as that takes less, ms … */
const TOGETHER_MS = 0.05;
/** … and one by one again after it took more. */
const ALONE_MS = 0.2;

export class Stopwatch {
  readonly times = new Histogram();
  #together = 1;
  #left = 1;
  #lapMs = 0;

  start(nowMs: number): void {
    this.#lapMs = nowMs;
    this.#together = 1;
    this.#left = 1;
  }

  /** An item is done. @returns the time when the clock was last looked at, ms by performance.now(). */
  lap(): number {
    if (--this.#left > 0) return this.#lapMs;
    const now = performance.now();
    const ms = now - this.#lapMs;
    this.#add(ms, this.#together);
    if (ms > ALONE_MS) this.#together = 1;
    else if (ms < TOGETHER_MS) this.#together = Math.min(this.#together * 2, MOST_TOGETHER);
    this.#left = this.#together;
    this.#lapMs = now;
    return now;
  }

  /** There are no more items. @returns now. */
  stop(): number {
    const now = performance.now();
    const items = this.#together - this.#left;
    if (items > 0) this.#add(now - this.#lapMs, items);
    return now;
  }

  /** If one of many cheap items took long, the others still took what they always take. */
  #add(ms: number, items: number): void {
    if (items === 1 || ms < ALONE_MS) this.times.add(ms / items, items);
    else {
      const usual = TOGETHER_MS / items;
      this.times.add(usual, items - 1);
      this.times.add(ms - usual * (items - 1));
    }
  }
}
