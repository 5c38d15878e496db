/** What the reports of `lanes run` and `lanes map` have in common. */
import { t } from "../i18n/index.ts";
import { numberText } from "../terminal/layout.ts";
import type { Chart } from "./chart/chart.ts";
import { clean } from "./chart/clean.ts";
import type { Report } from "./report.ts";

/** What is known of either. */
export interface ReportedWork {
  /** The command line, as one would type it. */
  readonly command: string;
  readonly chart: Chart;
  /** The signal that stopped it. */
  readonly signal: string | null;
  /** When it was over; ms since the epoch. */
  readonly madeMs: number;
}

/** All of the report that does not depend on which of the two it is. @param ok nothing failed. */
export function workReport(
  { command, chart, madeMs }: ReportedWork,
  ok: boolean,
): Omit<Report, "summary" | "facts" | "failures" | "failed"> {
  return {
    title: clean(command, 120),
    params: [],
    ok,
    verdict: t(ok ? "export.runOk" : "export.runNotOk"),
    madeMs,
    chart,
    checks: [],
    notes: [],
    pictures: [],
    commands: [[t("export.command"), clean(command, 4_000)]],
    code: [],
  };
}

/** How many there were of what is worth a line only if there were any. */
export function some(label: string, n: number): (readonly [label: string, value: string])[] {
  return n > 0 ? [[label, numberText(n)]] : [];
}
