/**
 * Waiting for something that nobody announces: a byte in a file, a row in a table, room in shared memory. Looks again in
 * the next turn of the event loop for about a millisecond (each turn takes a few microseconds), because what is on its way
 * is usually there by then; after that it sleeps, so that waiting for long costs next to nothing.
 */
const TURNS = 250;
const SHORT_SLEEPS = 100;

export class Patience {
  #looks = 0;

  /** Resolves when it is time to look again. */
  async wait(): Promise<void> {
    this.#looks += 1;
    if (this.#looks <= TURNS) await new Promise(setImmediate);
    else await Bun.sleep(this.#looks <= TURNS + SHORT_SLEEPS ? 1 : 10);
  }

  /** There was something: starts from the beginning next time. */
  reward(): void {
    this.#looks = 0;
  }
}
