/** What the reports of `lanes run` and `lanes map` have in common. */

import { t } from "../i18n/index.ts";
import { typedLine } from "../os/exec/quoted.ts";
import { numberText } from "../os/units.ts";
import type { Chart } from "./chart/chart.ts";
import { clean } from "./chart/clean.ts";
import type { Report } from "./report.ts";

/** What is known of either. */
export interface ReportedWork {
  /** The command line, `lanes` first; null for an old recording, which does not have it. */
  readonly argv: readonly string[] | null;
  readonly of: "run" | "map";
  readonly chart: Chart;
  /** When it was over; ms since the epoch. */
  readonly madeMs: number;
}

/**
 * All of the report that does not depend on which of the two it is.
 * @param ok nothing failed; null if the recording was cut off before it said so.
 */
export function workReport(
  { argv, of, chart, madeMs }: ReportedWork,
  ok: boolean | null,
): Omit<Report, "summary" | "facts" | "failures" | "failed"> {
  const command = typedLine(argv ?? ["lanes", of]);
  return {
    title: clean(command, 120),
    params: [],
    ok,
    verdict: t(ok === false ? "export.runNotOk" : "export.runOk"),
    madeMs,
    chart,
    checks: [],
    notes: [],
    pictures: [],
    commands: argv === null ? [] : [[t("export.command"), clean(command, 4_000)]],
    code: [],
  };
}

/** How many there were of what is worth a line only if there were any. */
export function some(label: string, n: number): (readonly [label: string, value: string])[] {
  return n > 0 ? [[label, numberText(n)]] : [];
}
