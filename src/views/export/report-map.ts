/** The report of a `lanes map`. */
import { t } from "../../i18n/index.ts";
import type { Failure } from "../../pool/failure.ts";
import type { Summary } from "../../pool/tally.ts";
import type { Chart } from "../chart/chart.ts";
import { clean } from "../chart/clean.ts";
import { durationText, numberText } from "../layout.ts";
import { failureText, notDoneText, type Unit } from "../map-text.ts";
import type { Report } from "./report.ts";

export interface ReportedMap {
  /** The command line, as one would type it. */
  readonly command: string;
  readonly summary: Summary;
  readonly chart: Chart;
  /** The first failures. */
  readonly failures: readonly Failure[];
  readonly unit: Unit;
  /** The signal that stopped it. */
  readonly signal: string | null;
  /** When it was over; ms since the epoch. */
  readonly madeMs: number;
}

/** The report, in the language being spoken. */
export function mapReport({ command, summary, chart, failures, unit, signal, madeMs }: ReportedMap): Report {
  const { items, ok, failed, retried, crashes, lanes, elapsedMs, itemsPerSecond, utilisation, p50Ms, p99Ms } = summary;
  const done = failed === 0 && summary.ending === "done";
  const some = (label: string, n: number) => (n > 0 ? [[label, numberText(n)] as const] : []);
  const left = summary.ending === "interrupted" ? notDoneText(summary) : null;
  return {
    title: clean(command, 120),
    summary: [signal === null ? "" : t("export.interrupted", { signal }), left ?? ""]
      .filter((text) => text !== "")
      .join("; "),
    params: [],
    ok: done,
    verdict: t(done ? "export.runOk" : "export.runNotOk"),
    madeMs,
    chart,
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
    checks: [],
    notes: [],
    pictures: [],
    failures: failures.map((failure) => {
      const [what = "", ...stack] = failureText(failure, unit, true).split("\n");
      return { what: clean(what, 300), detail: stack.join("\n").slice(0, 4_000) };
    }),
    failed,
    commands: [[t("export.command"), clean(command, 4_000)]],
    code: [],
  };
}
