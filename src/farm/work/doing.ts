/** What a worker is doing, by slot: since when, how long such jobs take, and what those who watch are told of it. */
import type { RunningJobs } from "../../jobs/running.ts";
import { printable } from "../../os/bytes/printable.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Claimed, ToldJob } from "../jobs/worker-statements.ts";

/** What has run for so long is worth telling, ms. */
const LONG_MS = 500;
/** Characters of a command that are told. */
const MOST = 200;

export class Doing {
  /** How long a job takes of late, ms; undefined: none has ended. */
  recentMs: number | undefined;
  readonly #jobs = new Map<number, { readonly claimed: Claimed; readonly beganMs: number }>();

  get size(): number {
    return this.#jobs.size;
  }

  /** The batches they are of. */
  get batches(): readonly number[] {
    return [...this.#jobs.values()].map(({ claimed }) => claimed.batch);
  }

  /** How long the one that was begun last has run, ms. */
  get lastMs(): number {
    return nowMs() - Math.max(...[...this.#jobs.values()].map(({ beganMs }) => beganMs));
  }

  begin(slot: number, claimed: Claimed): void {
    this.#jobs.set(slot, { claimed, beganMs: nowMs() });
  }

  /** It could not be begun after all. */
  refuse(slot: number): void {
    this.#jobs.delete(slot);
  }

  end(slot: number): void {
    const job = this.#jobs.get(slot);
    if (job === undefined) return;
    this.#jobs.delete(slot);
    const ms = nowMs() - job.beganMs;
    this.recentMs = this.recentMs === undefined ? ms : this.recentMs * 0.8 + ms * 0.2;
  }

  /** What those who watch are told. @param running what runs here. */
  told(running: ReturnType<RunningJobs["list"]>): ToldJob[] {
    return running.flatMap(({ lane, pid, command, ms }): ToldJob[] => {
      const slot = Number(lane.slice(1));
      const claimed = this.#jobs.get(slot)?.claimed;
      if (claimed === undefined || ms < LONG_MS) return [];
      const { batch: b, seq: s, attempt: a } = claimed;
      return [{ b, s, a, slot, pid, command: printable(command.slice(0, MOST)), ms: Math.round(ms) }];
    });
  }
}
