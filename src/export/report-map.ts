/** The report of a `lanes map`: of one that has just ended, or of its recording. */

import { t } from "../i18n/index.ts";
import { durationText, numberText, percentText } from "../os/units.ts";
import type { ItemFailure, ItemUnit, MapResult } from "../recording/results/map-result.ts";
import { failureText, notDoneText } from "../show/jobs/map-text.ts";
import { clean } from "./chart/clean.ts";
import type { Report } from "./report.ts";
import { type ReportedWork, some, workReport } from "./report-work.ts";

export interface ReportedMap extends ReportedWork {
  /** Null if the recording was cut off before it. */
  readonly result: MapResult | null;
  /** The first failures. */
  readonly failures: readonly ItemFailure[];
  /** Failures in all. */
  readonly failed: number;
  readonly unit: ItemUnit;
}

/** The report, in the language being spoken. */
export function mapReport(reported: ReportedMap): Report {
  const { result, unit } = reported;
  const failed = result?.failed ?? reported.failed;
  const told = {
    failures: reported.failures.map((failure) => {
      const [what = "", ...stack] = failureText(failure, unit, true).split("\n");
      return { what: clean(what, 300), detail: stack.join("\n").slice(0, 4_000) };
    }),
    failed,
  };
  if (result === null) {
    return { ...workReport(reported, failed > 0 ? false : null), summary: t("replay.cutOff"), facts: [], ...told };
  }
  const { items, ok, retried, crashes, lanes, elapsedMs, itemsPerSecond, utilisation, p50Ms, p99Ms, signal } = result;
  const left = result.ending === "interrupted" ? notDoneText(result) : null;
  return {
    ...workReport(reported, failed === 0 && result.ending === "done"),
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
      [t("export.fact.busy"), percentText(utilisation)],
      ...(p50Ms === null || p99Ms === null ? [] : [[t("export.fact.p50"), `${p50Ms} / ${p99Ms} ms`] as const]),
    ],
    ...told,
  };
}
