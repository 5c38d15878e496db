/** The report of a `lanes run`. */
import { t } from "../../i18n/index.ts";
import type { RunSummary } from "../../jobs/events.ts";
import type { Chart } from "../chart/chart.ts";
import { clean } from "../chart/clean.ts";
import { durationText, numberText } from "../layout.ts";
import { failureLine } from "../run-text.ts";
import type { Report } from "./report.ts";

/** The most characters of a job's last words. */
const STDERR = 4_000;

export interface ReportedRun {
  /** The command line, as one would type it. */
  readonly command: string;
  readonly summary: RunSummary;
  readonly chart: Chart;
  /** The signal that stopped it. */
  readonly signal: string | null;
  /** When it was over; ms since the epoch. */
  readonly madeMs: number;
}

/** The report, in the language being spoken. */
export function runReport({ command, summary, chart, signal, madeMs }: ReportedRun): Report {
  const { jobs, ok, failed, retried, timedOut, skipped, stopped, slots, wallMs, jobsMs, cpuMs, maxRssKb } = summary;
  const done = failed === 0 && signal === null;
  const some = (label: string, n: number) => (n > 0 ? [[label, numberText(n)] as const] : []);
  return {
    title: clean(command, 120),
    summary: signal === null ? "" : t("export.interrupted", { signal }),
    params: [],
    ok: done,
    verdict: t(done ? "export.runOk" : "export.runNotOk"),
    madeMs,
    chart,
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
    checks: [],
    notes: [],
    pictures: [],
    failures: summary.failures.map((failure) => ({
      what: clean(failureLine(failure), 300),
      detail: failure.stderr.slice(-STDERR),
    })),
    failed,
    commands: [[t("export.command"), clean(command, 4_000)]],
    code: [],
  };
}
