/** The chart of `lanes run`, recorded while it goes on: a lane for each slot, a segment for each try of a job. */
import { t } from "../../i18n/index.ts";
import type { RunEvent } from "../../recording/event.ts";
import type { JobFailure } from "../../recording/results/run-result.ts";
import { jobEndingText } from "../../show/jobs/run-text.ts";
import { ChartBuilder } from "./builder.ts";
import type { Chart } from "./chart.ts";

type Exit = Extract<RunEvent, { type: "exit" }>;

/** Failures told in full; all are counted. */
const FAILURES = 100;

export class RunChart {
  readonly #builder: ChartBuilder;
  /** When the job of each slot began. */
  readonly #running = new Map<string, number>();
  readonly #failures: JobFailure[] = [];
  #failed = 0;

  constructor(parent: Chart["parent"]) {
    this.#builder = new ChartBuilder({ unit: "jobs", parent });
  }

  /** Takes an event as it happens; cheap. */
  add(event: RunEvent): void {
    const { lane, t: ms } = event;
    if (event.type === "spawn") {
      this.#builder.laneIndex(lane); // in the order of the slots, not in that of who is done first
      this.#running.set(lane, ms);
    } else if (event.type === "exit") {
      const fromMs = this.#running.get(lane) ?? ms; // one that could not be started never began
      this.#running.delete(lane);
      const failed = event.stopped || event.signal !== null || event.code !== 0;
      const state = failed ? "killed" : "runs";
      this.#builder.add(lane, {
        fromMs,
        toMs: ms,
        pid: event.pid,
        failed: failed ? 1 : 0,
        state,
        label: labelOf(event),
      });
      if (failed && !event.stopped && !event.retry) this.#fail(event);
    } else return;
    this.#builder.count(t("export.series.running"), ms, this.#running.size);
  }

  /** The first jobs that failed for good, and how many did: without what they wrote, which no event tells. */
  get failures(): { readonly failures: readonly JobFailure[]; readonly failed: number } {
    return { failures: this.#failures, failed: this.#failed };
  }

  #fail({ seq, command, code, signal, timedOut, attempt, ms }: Exit): void {
    this.#failed++;
    if (this.#failures.length < FAILURES)
      this.#failures.push({ seq, command, code, signal, timedOut, attempt, ms, stderr: "" });
  }

  /** What has been recorded so far. @param endMs when the run was over. */
  build(endMs: number): Chart {
    this.#builder.reach(endMs);
    return this.#builder.build();
  }
}

/** `exit code 1 · #12 gzip a.log`: how it ended first, because a long command is cut. */
function labelOf(event: Exit): string {
  const { seq, command, code, signal, stopped, attempt } = event;
  const failed = signal !== null || code !== 0;
  const about = [
    ...(stopped ? [t("export.stopped")] : failed ? [jobEndingText(event)] : []),
    ...(attempt > 1 ? [t("export.attempt", { n: attempt })] : []),
  ];
  const line = `#${seq} ${command.slice(0, 400)}`;
  return about.length === 0 ? line : `${about.join(", ")} · ${line}`;
}
