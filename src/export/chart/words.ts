/** A chart's parts in words. */

import { message, t } from "../../i18n/index.ts";
import { numberText } from "../../os/units.ts";
import { type Chart, type ChartSegment, type ChartState, chartStates } from "./chart.ts";
import { partsOf } from "./lane-builder.ts";

/** `runs`, `waits`, `several`. */
export function chartStateText(state: ChartState | "mixed"): string {
  return state === "mixed" ? t("export.state.mixed") : message(`view.state.${state}`);
}

/** What a segment is, beyond its state: its label; of a mixed one what is in it, `57 jobs, 2 failed: runs 80 %, waits 12 %`. */
export function segmentText(segment: ChartSegment, unit: Chart["unit"]): string {
  if (segment.state !== "mixed") return segment.label;
  const wholeMs = Math.max(segment.toMs - segment.fromMs, Number.MIN_VALUE);
  const parts = partsOf(segment);
  const shares = chartStates.flatMap((state) => {
    const share = Math.round(((parts[state] ?? 0) / wholeMs) * 100);
    return share > 0 ? [`${chartStateText(state)} ${Math.min(100, share)} %`] : [];
  });
  const failed = segment.failed > 0 ? `, ${t("export.failed", { n: segment.failed })}` : "";
  return `${countText(segment.count, unit)}${failed}: ${shares.join(", ")}`;
}

/** `57 jobs`. */
export function countText(n: number, unit: Chart["unit"]): string {
  return message(`export.unit.${unit}`, { n: numberText(n) });
}
