/** Rows and columns; where they are too wide, the widest columns give way and their cells take several lines. */
import { said } from "../../i18n/index.ts";
import type { Picture } from "../../recording/results/outcome.ts";
import { fit, fitRight, widest, wrap } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";

const GAP = 2;
const isNumber = (text: string) => /^[-+]?[\d.,]+( ?(ms|s|%|x|×|MB\/s|\/s))?$/.test(text) || text === "";

/** Lines of at most `style.columns`, unless there are more columns than fit at all. */
export function table(picture: Picture<"table">, style: Style): string[] {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const titles = picture.columns.map(said);
  const rows = picture.rows.map((row) => row.map(said));
  const cells = (column: number) => rows.map((row) => row[column] ?? "");
  const widths = shrink(
    titles.map((title, column) => widest([title, ...cells(column)])),
    style.columns - GAP * (titles.length - 1),
  );
  const right = titles.map((_, column) => cells(column).every(isNumber));
  const lines = (row: readonly string[], paintCell: (text: string) => string = (text) => text) => {
    const wrapped = widths.map((width, column) => wrap(row[column] ?? "", width));
    const height = Math.max(...wrapped.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      widths
        .map((width, column) => {
          const text = wrapped[column]?.[line] ?? "";
          return paintCell(right[column] ? fitRight(text, width) : fit(text, width));
        })
        .join(" ".repeat(GAP))
        .trimEnd(),
    );
  };
  const rule = widths.map((width) => glyphs.rule.repeat(width)).join(" ".repeat(GAP));
  return [...lines(titles, paint.bold), paint.dim(rule), ...rows.flatMap((row) => lines(row))];
}

/** Takes from the widest until they fit together. */
function shrink(widths: readonly number[], room: number): number[] {
  const fitted = [...widths];
  while (fitted.reduce((sum, width) => sum + width, 0) > room) {
    const most = Math.max(...fitted);
    if (most <= 4) break;
    fitted[fitted.indexOf(most)] = most - 1;
  }
  return fitted;
}
