/** What the JavaScript engine cannot know of a run, and takes time or memory from the jobs until it is told. */

/**
 * How reluctant it is to compile, in times of its usual: most runs are over before compiling has paid off, and the
 * compiler's threads take a fifth of what lanes itself takes of the cores.
 */
const RELUCTANT = 30;
/** From so many jobs on it is worth it. */
const MANY = 250;
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
  #compiles = false;
  #collectAt = COLLECTED;

  /** To be called when a job has ended. @param jobs how many have. */
  tend(jobs: number): void {
    if (!this.#compiles && jobs >= MANY) {
      this.#compiles = true;
      Bun.unsafe.setJITPolicy(1);
    }
    if (jobs >= this.#collectAt) {
      this.#collectAt = jobs + COLLECTED;
      Bun.gc(true);
    }
  }
}
