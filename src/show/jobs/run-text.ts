/** A run told in text: the failures, and the line that sums up. */

import { t } from "../../i18n/index.ts";
import { linesOf, printableLines } from "../../os/bytes/printable.ts";
import { durationText, sizeText } from "../../os/units.ts";
import type { JobEnding, JobFailure, RunResult, Shortfall } from "../../recording/results/run-result.ts";

/** Failures told with the end of what they wrote to stderr; of the others a line each. */
const FAILURES_TOLD = 10;
const COMMAND_WIDTH = 200;

/** The failures that were kept, for stderr. @param tails with the end of what they wrote to stderr. */
export function failuresText({ failures }: Pick<RunResult, "failures">, tails: boolean): string {
  return failures.map((failure, i) => `${failureText(failure, tails && i < FAILURES_TOLD)}\n`).join("");
}

/** The line of a failure, for stderr. */
export function failureNote(failure: JobEnding): string {
  return `lanes: ${failureLine(failure)}\n`;
}

/** Failures that nothing was kept of; nothing if there are none. */
export function moreFailuresText(n: number): string {
  return n > 0 ? `lanes: ${t("run.report.more", { n })}\n` : "";
}

/** The last line. @param drained it was told to start no more. */
export function sumNote(summary: RunResult, drained: boolean): string {
  return `lanes: ${sumText(summary, drained)}\n`;
}

function sumText(summary: RunResult, drained: boolean): string {
  const { jobs, ok, failed, retried, timedOut, skipped, stopped, notStarted, wallMs, signal } = summary;
  const parts = [t("run.sum.jobs", { n: jobs }), t("run.sum.ok", { n: ok })];
  if (failed > 0) parts.push(t("run.sum.failed", { n: failed }));
  if (timedOut > 0) parts.push(t("run.sum.timedOut", { n: timedOut }));
  if (retried > 0) parts.push(t("run.sum.retried", { n: retried }));
  if (skipped > 0) parts.push(t("run.sum.skipped", { n: skipped }));
  if (stopped > 0) parts.push(t("run.sum.stopped", { n: stopped }));
  if (drained)
    parts.push(notStarted === null ? t("run.sum.restNotStarted") : t("run.sum.notStarted", { n: notStarted }));
  if (signal !== null) parts.push(t("run.sum.signal", { signal }));
  parts.push(durationText(wallMs));
  return parts.join(t("run.sum.separator"));
}

/** What runs now: a line that counts, and one for each job with its number, pid, seconds and command. */
export function runningLines(
  jobs: readonly { readonly seq: number; readonly pid: number; readonly ms: number; readonly command: string }[],
): string {
  const lines = jobs.map(({ seq, pid, ms, command }) =>
    t("run.running.job", { seq, pid, seconds: (ms / 1e3).toFixed(1), command }),
  );
  return [t("run.running.jobs", { n: jobs.length }), ...lines].map((line) => `lanes: ${line}\n`).join("");
}

/** Why no job is started. */
export function waitingText({ of, is, limit }: Shortfall): string {
  if (of === "load") return t("run.waits.load", { is: is.toFixed(2), limit });
  return t("run.waits.memfree", { is: sizeText(is), limit: sizeText(limit) });
}

function failureText(failure: JobFailure, withTail: boolean): string {
  const head = `lanes: ${failureLine(failure)}`;
  if (!withTail || failure.stderr === "") return head;
  return `${head}\n${printableLines(linesOf(failure.stderr)).replace(/^/gm, "  | ")}`;
}

/** `job 3 failed (exit code 1, tried 2 times): gzip a.log`, one line. */
export function failureLine({ seq, command, attempt, ...ending }: JobEnding): string {
  const tries = attempt > 1 ? t("run.ending.tries", { n: attempt }) : "";
  return t("run.report.failed", { seq, ending: `${jobEndingText(ending)}${tries}`, command: shortened(command) });
}

/** How a job ended that failed: `exit code 1`. */
export function jobEndingText({ code, signal, timedOut }: Pick<JobFailure, "code" | "signal" | "timedOut">): string {
  if (timedOut) return t("run.ending.timedOut");
  if (signal === null && code === 0) return t("run.ending.incomplete"); // it ended well; what it wrote was lost
  return signal === null ? t("run.ending.code", { code: code ?? 0 }) : t("run.ending.signal", { signal });
}

function shortened(command: string): string {
  if (command.length <= COMMAND_WIDTH) return command;
  return `${command.slice(0, COMMAND_WIDTH).replace(/[\ud800-\udbff]$/, "")}…`; // no half of a character
}
