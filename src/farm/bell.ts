/** What ends a pause before its time. */
import { within } from "../process/within.ts";

export class Bell {
  #rung = Promise.withResolvers<void>();

  /** From here on it is to be rung anew. To be called before looking at what it is rung for. */
  reset(): void {
    this.#rung = Promise.withResolvers();
  }

  ring(): void {
    this.#rung.resolve();
  }

  /** Resolves when it is rung, or after so many ms. */
  async heardWithin(ms: number | undefined): Promise<void> {
    await within(ms, this.#rung.promise);
  }
}
