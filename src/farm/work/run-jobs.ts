/** The jobs of one batch of `lanes run --on`, done on this machine: started and ended as those of a run are. */

import { LanesError } from "../../errors.ts";
import type { Attempt } from "../../jobs/attempt.ts";
import type { JobSpec } from "../../jobs/input/feed.ts";
import { Template } from "../../jobs/input/template.ts";
import { Launcher } from "../../jobs/launcher.ts";
import { RunningMedian } from "../../jobs/median.ts";
import type { Stored } from "../../jobs/output/outlet.ts";
import { exitCodeOf, type JobResult, refusedResult } from "../../jobs/result.ts";
import type { RunningJobs } from "../../jobs/running.ts";
import { dialectOf } from "../../jobs/shell/dialect.ts";
import { limitOf } from "../../jobs/timeout.ts";
import type { Guard } from "../../process/guard/guard.ts";
import { nowMs } from "../../recording/clock.ts";
import { type RunSpec, unpackTexts } from "../jobs/payload.ts";
import type { Claimed } from "../jobs/worker-statements.ts";
import type { Runner, TryOutcome } from "./runner.ts";

/** What a batch's jobs are done with. */
export interface Means {
  readonly guard: Guard;
  readonly jobs: RunningJobs;
  /** What this machine is called. */
  readonly host: string;
  /** Where jobs run; undefined: where this process is. */
  readonly folder: string | undefined;
  /** The batch's name. */
  readonly batch: string;
}

export class RunJobs implements Runner {
  readonly #launcher: Launcher;
  readonly #running = new Set<Attempt>();
  readonly #median = new RunningMedian();

  constructor(
    private readonly spec: RunSpec,
    private readonly means: Means,
  ) {
    const { command, shell, env } = spec;
    const template = new Template(command, {
      shell: shell === null ? null : { path: shell, dialect: dialectOf(shell) },
    });
    const { guard, host, folder, batch } = means;
    this.#launcher = new Launcher({
      template,
      guard,
      results: null,
      capture: "files",
      input: "ignore",
      ...(folder === undefined ? {} : { folder }),
      env: { ...env, ...(folder === undefined ? {} : { PWD: folder }), LANES_BATCH: batch, LANES_HOST: host },
      envOf: (job) => ({ LANES_ATTEMPT: String(job.attempt) }),
    });
  }

  begin(claimed: Claimed, slot: number, ended: (outcome: TryOutcome) => void): boolean {
    const job: JobSpec = { seq: claimed.seq, attempt: claimed.attempt, values: unpackTexts(claimed.payload) };
    const command = this.#launcher.compose(job, slot);
    const started = this.#launcher.start(job, slot, command, (attempt, result) => {
      this.#running.delete(attempt);
      this.means.jobs.remove(attempt);
      ended(this.#outcomeOf(result, attempt.pid, slot));
    });
    if (started.kind === "short") return false;
    if (started.kind === "running") {
      this.means.jobs.add(started.attempt);
      this.#running.add(started.attempt);
      return true;
    }
    const result = refusedResult(job, command.text, nowMs(), started.refusal);
    queueMicrotask(() => ended(this.#outcomeOf(result, 0, slot)));
    return true;
  }

  tick(): void {
    const limitMs = limitOf(this.spec.timeout, this.#median);
    if (limitMs === null) return;
    for (const attempt of this.#running) {
      if (attempt.isLeftAlone && attempt.elapsedMs > limitMs) attempt.stop("timeout");
    }
  }

  /** SIGTERM, and SIGKILL after a while. */
  stop(graceMs?: number): void {
    const running = [...this.#running];
    for (const attempt of running) attempt.stop("stop");
    if (graceMs === undefined) return;
    setTimeout(() => {
      for (const attempt of running) if (!attempt.isOver) attempt.kill();
    }, graceMs);
  }

  async close(): Promise<void> {}

  #outcomeOf(ended: JobResult, pid: number, slot: number): TryOutcome {
    const { out, err } = ended.output.written;
    if (ended.stopped) {
      out?.file.release();
      err?.file.release();
      return null;
    }
    const most = this.spec.maxOutput;
    const tooMuch = [out, err].some((stored) => stored !== null && stored.end - stored.start > most);
    const result: JobResult = tooMuch
      ? { ...ended, failed: true, notice: new LanesError("farm.work.tooMuch", { seq: ended.job.seq, bytes: most }) }
      : ended.notice === null
        ? ended
        : {
            ...ended,
            notice: new LanesError("farm.work.notice", { host: this.means.host, notice: ended.notice.message }),
          };
    if (!result.failed) this.#median.add(result.ms);
    const [kept, keptErr] = [upTo(out, most), upTo(err, most)];
    const { code, signal, timedOut, failed, ms, cpuMs, maxRssKb, output, notice } = result;
    return {
      failed,
      out: kept,
      err: keptErr,
      endedMs: nowMs(),
      result: {
        ...{ exit: exitCodeOf(result), code, signal, timedOut, ms, cpuMs, maxRssKb, notice: notice?.message ?? null },
        ...{ out: sizeOf(kept), err: sizeOf(keptErr), received: output.received },
        ...{ host: this.means.host, slot, pid, ppid: process.pid },
      },
    };
  }
}

const sizeOf = (stored: Stored | null): number => (stored === null ? 0 : stored.end - stored.start);
const upTo = (stored: Stored | null, most: number): Stored | null =>
  stored && { ...stored, end: Math.min(stored.end, stored.start + most) };
