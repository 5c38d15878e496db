/**
 * What jobs left running: a job whose first process has ended may have started others (`server &`). They are left alone
 * as long as lanes goes on and when it ends well, and are stopped when lanes is stopped.
 */

import type { JobGroup } from "../process/guard/job-group.ts";
import { nowMs } from "../recording/clock.ts";
import { JOB_GRACE_MS } from "./attempt.ts";

const POLL_MS = 20;
/** How often it is looked whether something of it has ended, ms. */
const WATCH_MS = 50;

export class Leftovers {
  #groups: JobGroup[] = [];
  #watch: ReturnType<typeof setInterval> | null = null;

  /** A job's first process has ended. */
  keepOrRelease(group: JobGroup): void {
    if (!group.exists) {
      group.release();
      return;
    }
    this.#groups.push(group);
    this.#watch ??= setInterval(() => this.#prune(), WATCH_MS);
  }

  /** Forgets groups of which nothing is left, before their numbers are used for others. */
  #prune(): void {
    const gone = this.#groups.filter((group) => !group.exists);
    if (gone.length === 0) return;
    for (const group of gone) group.release();
    this.#groups = this.#groups.filter((group) => !gone.includes(group));
    if (this.#groups.length === 0) this.#endWatch();
  }

  signal(signal: NodeJS.Signals): void {
    for (const group of this.#groups) group.signal(signal);
  }

  /** SIGTERM, and SIGKILL for those that are still there after the grace. Resolves when none is left. */
  async stop(): Promise<void> {
    const startedMs = nowMs();
    this.signal("SIGTERM");
    this.signal("SIGCONT");
    for (;;) {
      this.#prune();
      const waitedMs = nowMs() - startedMs;
      if (!this.#groups.some((group) => group.running) || waitedMs > 2 * JOB_GRACE_MS) return;
      if (waitedMs > JOB_GRACE_MS) this.signal("SIGKILL");
      await Bun.sleep(POLL_MS);
    }
  }

  /** They may live on. */
  release(): void {
    for (const group of this.#groups.splice(0)) group.release();
    this.#endWatch();
  }

  #endWatch(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
  }
}
