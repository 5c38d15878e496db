/**
 * Getting past one that does not move: who is next for a slot may have been stopped (Ctrl-Z), and nobody is to wait behind it
 * while a slot is free. Seldom, and by reading; woken-early.ts does the same at a single lock.
 */

import { semaphoreStatus, tryAny } from "../coordination/slots.ts";
import type { LockHandle } from "../handle.ts";
import type { LockOptions } from "../lock.ts";
import { looksMs } from "./woken-early.ts";

/** Looks now and then, while one waits to be next, whether the one that is next does not move although a slot is free. */
export class Overtaking {
  taken: LockHandle | undefined;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stalled: string | undefined;

  constructor(
    readonly path: string,
    readonly files: readonly string[],
    readonly options: LockOptions,
  ) {}

  /** Aborted when a slot was taken past the one that is next. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(look = 0): void {
    this.#timer = setTimeout(() => {
      this.#look();
      if (this.taken === undefined) this.begin(Math.min(look + 1, looksMs.length - 1));
    }, looksMs[look]).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    try {
      const found = semaphoreStatus(this.path, this.files.length);
      const head = found.state === "free" ? found.next?.token : undefined;
      if (head !== undefined && head === this.#stalled) this.taken = tryAny(this.files, this.options);
      this.#stalled = head;
    } catch {
      return; // what is wrong with the files, the wait itself will say
    }
    if (this.taken !== undefined) this.#controller.abort();
  }
}
