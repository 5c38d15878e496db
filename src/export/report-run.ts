/** The report of a `lanes run`. */
import { t } from "../i18n/index.ts";
import type { RunSummary } from "../jobs/events.ts";
import { failureLine } from "../show/run-text.ts";
import { durationText, numberText } from "../terminal/layout.ts";
import { clean } from "./chart/clean.ts";
import type { Report } from "./report.ts";
import { type ReportedWork, some, workReport } from "./report-work.ts";

/** The most characters of a job's last words. */
const STDERR = 4_000;

export interface ReportedRun extends ReportedWork {
  readonly summary: RunSummary;
}

/** The report, in the language being spoken. */
export function runReport(reported: ReportedRun): Report {
  const { summary, signal } = reported;
  const { jobs, ok, failed, retried, timedOut, skipped, stopped, slots, wallMs, jobsMs, cpuMs, maxRssKb } = summary;
  const done = failed === 0 && signal === null;
  return {
    ...workReport(reported, done),
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
      ...(maxRssKb === null ? [] : [[t("export.fact.rss"), `${(maxRssKb / 1024).toFixed(0)} MiB`] as const]),
      [t("export.fact.busy"), `${(summary.efficiency * 100).toFixed(0)} %`],
    ],
    failures: summary.failures.map((failure) => ({
      what: clean(failureLine(failure), 300),
      detail: failure.stderr.slice(-STDERR),
    })),
    failed,
  };
}
