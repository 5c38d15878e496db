/** The report of a `lanes run`: of one that has just ended, or of its recording. */

import { t } from "../i18n/index.ts";
import { durationText, numberText, percentText, sizeText } from "../os/units.ts";
import type { JobFailure, RunResult } from "../recording/results/run-result.ts";
import { failureLine } from "../show/jobs/run-text.ts";
import { clean } from "./chart/clean.ts";
import type { Report } from "./report.ts";
import { type ReportedWork, some, workReport } from "./report-work.ts";

/** The most characters of a job's last words. */
const STDERR = 4_000;

export interface ReportedRun extends ReportedWork {
  /** Null if the recording was cut off before it. */
  readonly result: RunResult | null;
  /** What failed, as far as the events tell: for a recording without a result. */
  readonly failures: readonly JobFailure[];
  readonly failed: number;
}

/** The report, in the language being spoken. */
export function runReport(reported: ReportedRun): Report {
  const { result } = reported;
  const { failures, failed } = result ?? reported;
  const told = {
    failures: failures.map((failure) => ({
      what: clean(failureLine(failure), 300),
      detail: failure.stderr.slice(-STDERR),
    })),
    failed,
  };
  if (result === null) {
    return { ...workReport(reported, failed > 0 ? false : null), summary: t("replay.cutOff"), facts: [], ...told };
  }
  const { jobs, ok, retried, timedOut, skipped, stopped, slots, wallMs, jobsMs, cpuMs, maxRssKb, signal } = result;
  return {
    ...workReport(reported, failed === 0 && signal === null),
    summary: signal === null ? "" : t("export.interrupted", { signal }),
    facts: [
      [t("export.fact.jobs"), numberText(jobs)],
      [t("export.fact.ok"), numberText(ok)],
      ...some(t("export.fact.failed"), failed),
      ...some(t("export.fact.timedOut"), timedOut),
      ...some(t("export.fact.retried"), retried),
      ...some(t("export.fact.skipped"), skipped),
      ...some(t("export.fact.stopped"), stopped),
      [t("export.fact.slots"), numberText(slots)],
      [t("export.fact.wall"), durationText(wallMs)],
      [t("export.fact.work"), durationText(jobsMs)],
      [t("export.fact.cpu"), durationText(cpuMs)],
      ...(maxRssKb === null ? [] : [[t("export.fact.rss"), sizeText(maxRssKb * 1024)] as const]),
      [t("export.fact.busy"), percentText(result.efficiency)],
    ],
    ...told,
  };
}
