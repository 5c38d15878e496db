/** Several runs while they go on: how far they are, and what they come to so far. */
import { t } from "../i18n/index.ts";
import type { SeriesProgress } from "../recording/results/comparison.ts";
import type { Params, ShownDemo } from "../recording/results/demo.ts";
import { fit, justify, truncate, widest } from "../terminal/layout.ts";
import { glyphsOf, paintOf, type Style, spelledOut } from "../terminal/style.ts";
import { measureName, measureText } from "./measured.ts";
import { paramsLine } from "./words.ts";

export interface ComparisonProgress {
  readonly demo: ShownDemo;
  readonly variants: readonly Params[];
  /** What differs between two variants. */
  readonly changed: Params;
  readonly progress: SeriesProgress;
}

/** A line that says which run it is, and one for each variant: `A  lock off   248.3 ± 6.1 ms`. */
export function progressLines({ demo, variants, changed, progress }: ComparisonProgress, style: Style): string[] {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const done = progress.times.reduce((sum, time) => sum + (time?.n ?? 0), 0);
  const { runs } = progress;
  const total = runs === undefined ? undefined : runs * variants.length;
  const run = total === undefined ? done + 1 : Math.min(done + 1, total);
  const where = total === undefined ? t("compare.runUnknown", { run }) : t("compare.run", { run, runs: total });
  const [params = {}] = variants;
  const given = demo.params.filter(({ name }) => changed[name] === undefined);
  const differing = demo.params.filter(({ name }) => changed[name] !== undefined);
  const labels = variants.map((variant, i) =>
    variants.length === 1 ? measureName("elapsedMs") : `${"AB"[i]}  ${paramsLine({ params: differing }, variant)}`,
  );
  const width = widest(labels);
  const times = progress.times.map((time) =>
    time === undefined ? "" : spelledOut(measureText("elapsedMs", time), style),
  );
  return [
    justify(
      `${paint.bold(demo.name)}   ${paramsLine({ params: given }, params)}`,
      where,
      style.columns,
      glyphs.ellipsis,
    ),
    ...labels.map((label, i) => truncate(`${fit(label, width)}   ${times[i]}`, style.columns, glyphs.ellipsis)),
  ];
}
