/** Counting: what a run came to. Bounded memory, whatever the number of jobs. */
import { isLinux } from "../os/platform.ts";
import { toThousandth } from "../os/units.ts";
import { nowMs } from "../recording/clock.ts";
import type { JobEnding, JobFailure, RunResult } from "../recording/results/run-result.ts";
import { RunningMedian } from "./median.ts";
import { failureOf, type JobResult, jobEndingOf } from "./result.ts";
import { limitOf, type Timeout } from "./timeout.ts";

/** Failures told in full at the end. */
const FAILURES_KEPT = 100;

export class Stats {
  ok = 0;
  failed = 0;
  retried = 0;
  timedOut = 0;
  skipped = 0;
  stopped = 0;
  /** Of jobs that ended well, ms. */
  readonly runtime = new RunningMedian();
  readonly failures: JobFailure[] = [];
  readonly #startedMs = nowMs();
  #jobsMs = 0;
  #cpuMs = 0;
  #maxRssKb = 0;
  #slotsUsed = 0;

  /** @param slots jobs at once. @param onMoreFailures is told of those that are not in {@link failures}. */
  constructor(
    public slots: number,
    private readonly onMoreFailures: (failure: JobEnding) => void,
  ) {}

  /** Jobs that ended for good. */
  get jobs(): number {
    return this.ok + this.failed;
  }

  get elapsedMs(): number {
    return nowMs() - this.#startedMs;
  }

  /** A slot is in use. */
  used(slot: number): void {
    this.#slotsUsed = Math.max(this.#slotsUsed, slot);
  }

  /** A try ended, whatever comes of it. */
  took({ ms, cpuMs, maxRssKb }: JobResult): void {
    this.#jobsMs += ms;
    this.#cpuMs += cpuMs;
    this.#maxRssKb = Math.max(this.#maxRssKb, maxRssKb);
  }

  /** A job failed, and is tried again. */
  triedAgain(): void {
    this.retried += 1;
  }

  /** The joblog has this job already. */
  skippedOne(): void {
    this.skipped += 1;
  }

  /** This run ended a job, which does not count as run. */
  stoppedOne(): void {
    this.stopped += 1;
  }

  /** A job ended for good. */
  ended(result: JobResult): void {
    if (result.timedOut) this.timedOut += 1;
    if (!result.failed) {
      this.ok += 1;
      this.runtime.add(result.ms);
      return;
    }
    this.failed += 1;
    if (this.failures.length < FAILURES_KEPT) this.failures.push(failureOf(result));
    else this.onMoreFailures(jobEndingOf(result));
  }

  /** How long a job may take by what others took, ms; null: as long as it likes. */
  limitMs(timeout: Timeout | null): number | null {
    return limitOf(timeout, this.runtime);
  }

  /** @param notStarted, signal see {@link RunResult}. */
  summary(notStarted: number | null, signal: string | null): RunResult {
    const wallMs = this.elapsedMs;
    // Linux counts lanes' own pages into a child's peak, after vfork and exec: no less than that can be told apart. (macOS does
    // not, and what Bun tells of ourselves there is in another unit; of a child it is bytes everywhere: oven-sh/bun 35362, 43305)
    const own = isLinux ? process.resourceUsage().maxRSS : 0;
    return {
      v: 1,
      jobs: this.jobs,
      ok: this.ok,
      failed: this.failed,
      retried: this.retried,
      timedOut: this.timedOut,
      skipped: this.skipped,
      stopped: this.stopped,
      notStarted,
      slots: this.slots,
      wallMs: toThousandth(wallMs),
      jobsMs: toThousandth(this.#jobsMs),
      cpuMs: toThousandth(this.#cpuMs),
      maxRssKb: this.#maxRssKb > own * 1.05 ? this.#maxRssKb : null,
      efficiency: this.#slotsUsed === 0 ? 0 : Math.round((this.#jobsMs / (wallMs * this.#slotsUsed)) * 1e4) / 1e4,
      failures: this.failures,
      signal,
    };
  }
}
