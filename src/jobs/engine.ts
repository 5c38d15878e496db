/** What the JavaScript engine cannot know of a run, and takes time or memory from the jobs until it is told. */

import { nowMs } from "../recording/clock.ts";

/**
 * How reluctant it is to compile, in times of its usual: most runs are over before compiling has paid off, and the
 * compiler's threads take a fifth of what lanes itself takes of the cores.
 */
const RELUCTANT = 30;
const NEVER = 1e6;
/** From so many jobs on it is worth it if they are short, which makes it likely that there are many more … */
const SOME = 24;
const SHORT_MS = 5;
/** … and from so many on in any case. */
const MANY = 500;
/**
 * Jobs after which what they left behind is collected, which takes less than 1 ms. Left to itself, or asked to collect when
 * it likes, the collector lets tens of megabytes pile up, because it does not know what a child costs outside its heap.
 */
const COLLECTED = 1_000;

/** To be called at the beginning of a run, before its code is loaded. */
export function compileLater(): void {
  Bun.unsafe.setJITPolicy(RELUCTANT);
}

/** Keeps memory flat and the code fast over any number of jobs. */
export class Engine {
  readonly #startedMs = nowMs();
  /** It has been told for good. */
  #told = false;
  #threadless = false;
  #collectAt = COLLECTED;

  /**
   * The system is short of processes or memory, or may well be soon: where a thread of the compiler or the collector cannot be
   * started, the engine aborts. Those of the collector are started by collecting, and stay.
   */
  startNoThreads(): void {
    if (this.#threadless) return;
    this.#threadless = true;
    this.#told = true;
    Bun.gc(true);
    Bun.unsafe.setJITPolicy(NEVER);
  }

  /** To be called when a job has ended. @param jobs how many have. */
  tend(jobs: number): void {
    if (!this.#told && jobs >= SOME && (jobs >= MANY || nowMs() - this.#startedMs < jobs * SHORT_MS)) {
      this.#told = true;
      Bun.unsafe.setJITPolicy(1);
    }
    if (jobs >= this.#collectAt) {
      this.#collectAt = jobs + COLLECTED;
      Bun.gc(true);
    }
  }
}
