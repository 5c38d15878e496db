/** A bar for each row, all on one scale from 0. */

import { said } from "../../i18n/index.ts";
import { numberText } from "../../os/units.ts";
import type { Picture } from "../../recording/results/outcome.ts";
import { fit, fitRight, widest } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";

/** Lines of at most `style.columns`. */
export function bars(picture: Picture<"bars">, style: Style): string[] {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const values = picture.rows.map(({ value }) => `${numberText(value)} ${said(picture.unit)}`.trimEnd());
  const valueWidth = widest(values);
  const labelWidth = Math.min(widest(picture.rows.map(({ label }) => said(label))), Math.max(6, style.columns >> 1));
  const room = Math.max(4, Math.min(50, style.columns - labelWidth - valueWidth - 4));
  const most = Math.max(0, ...picture.rows.map(({ value }) => value));
  return picture.rows.map(({ label, value }, i) => {
    const length = most > 0 && value > 0 ? (value / most) * room : 0;
    const bar = fit(barOf(length, glyphs.bar, glyphs.eighths), room);
    return `${fit(said(label), labelWidth, glyphs.ellipsis)}  ${paint.cyan(bar)}  ${fitRight(values[i] ?? "", valueWidth)}`;
  });
}

/** A bar of a length in columns; what is more than nothing shows at least a sliver. */
function barOf(length: number, full: string, eighths: string): string {
  if (eighths === "") return full.repeat(length > 0 ? Math.max(1, Math.round(length)) : 0);
  const parts = length > 0 ? Math.max(1, Math.round(length * 8)) : 0;
  return full.repeat(parts >> 3) + (parts % 8 > 0 ? (eighths[parts % 8] ?? "") : "");
}
