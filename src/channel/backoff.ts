/**
 * Waiting for something that nobody announces: a byte in a file, a row in a table, room in shared memory. Looks again in
 * the next turn of the event loop at first, because what is on its way is usually there by then (a turn takes a few
 * microseconds); then naps, longer and longer, so that waiting for long costs next to nothing.
 */
const TURNS = 100;
const NAPS = 100;

/** A timer of the event loop has whole milliseconds; waiting on memory that nobody else has takes fractions. */
const nobody = new Int32Array(new SharedArrayBuffer(4));
const NAP_MS = 0.1;

export class Backoff {
  #looks = 0;

  /** Resolves when it is time to look again. */
  async wait(): Promise<void> {
    this.#looks += 1;
    if (this.#looks <= TURNS) await new Promise(setImmediate);
    else if (this.#looks <= TURNS + NAPS) await Atomics.waitAsync(nobody, 0, 0, NAP_MS).value;
    else await Bun.sleep(this.#looks <= TURNS + 2 * NAPS ? 1 : 10);
  }

  /** There was something: starts from the beginning next time. */
  reset(): void {
    this.#looks = 0;
  }
}
