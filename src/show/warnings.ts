/** What may have disturbed a measurement, in words. */

import { t } from "../i18n/index.ts";
import type { Warning } from "../recording/results/comparison.ts";

/** One line. `names` of the two series, if there are two. */
export function warningText(warning: Warning, names: readonly string[] | undefined): string {
  if (warning.kind === "load") return t("compare.warning.load", { share: percent(warning.share) });
  const name = names?.[warning.variant];
  const text =
    warning.kind === "spread"
      ? t("compare.warning.spread", { share: percent(warning.share) })
      : t("compare.warning.outliers", { n: warning.runs.length, runs: warning.runs.map((run) => run + 1).join(", ") });
  return name === undefined ? text : `${name}: ${text}`;
}

const percent = (share: number) => Math.round(share * 100);
