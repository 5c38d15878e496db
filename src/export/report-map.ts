/** The report of a `lanes map`. */
import { t } from "../i18n/index.ts";
import type { Failure } from "../pool/failure.ts";
import type { Summary } from "../pool/tally.ts";
import { failureText, notDoneText, type Unit } from "../show/map-text.ts";
import { durationText, numberText } from "../terminal/layout.ts";
import { clean } from "./chart/clean.ts";
import type { Report } from "./report.ts";
import { type ReportedWork, some, workReport } from "./report-work.ts";

export interface ReportedMap extends ReportedWork {
  readonly summary: Summary;
  /** The first failures. */
  readonly failures: readonly Failure[];
  readonly unit: Unit;
}

/** The report, in the language being spoken. */
export function mapReport(reported: ReportedMap): Report {
  const { summary, failures, unit, signal } = reported;
  const { items, ok, failed, retried, crashes, lanes, elapsedMs, itemsPerSecond, utilisation, p50Ms, p99Ms } = summary;
  const done = failed === 0 && summary.ending === "done";
  const left = summary.ending === "interrupted" ? notDoneText(summary) : null;
  return {
    ...workReport(reported, done),
    summary: [signal === null ? "" : t("export.interrupted", { signal }), left ?? ""]
      .filter((text) => text !== "")
      .join("; "),
    facts: [
      [t("export.fact.items"), numberText(items)],
      [t("export.fact.ok"), numberText(ok)],
      ...some(t("export.fact.failed"), failed),
      ...some(t("export.fact.retried"), retried),
      ...some(t("export.fact.crashes"), crashes),
      [t("export.fact.workers"), numberText(lanes.length)],
      [t("export.fact.wall"), durationText(elapsedMs)],
      [t("export.fact.rate"), `${numberText(itemsPerSecond)}/s`],
      [t("export.fact.busy"), `${(utilisation * 100).toFixed(0)} %`],
      ...(p50Ms === null || p99Ms === null ? [] : [[t("export.fact.p50"), `${p50Ms} / ${p99Ms} ms`] as const]),
    ],
    failures: failures.map((failure) => {
      const [what = "", ...stack] = failureText(failure, unit, true).split("\n");
      return { what: clean(what, 300), detail: stack.join("\n").slice(0, 4_000) };
    }),
    failed,
  };
}
