/** Measured points joined by a line, with the ideal line behind them, both from 0. */

import { said, t } from "../../i18n/index.ts";
import { numberText } from "../../os/units.ts";
import type { Picture } from "../../recording/results/outcome.ts";
import { fitRight, justify, truncate, widest } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";

const HEIGHT = 9;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn in a cell; the later one wins. */
type Cell = " " | "ideal" | "line" | "point";

/** Lines of at most `style.columns`. */
export function curve(picture: Picture<"curve">, style: Style): string[] {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const points = picture.points.toSorted((a, b) => a.x - b.x);
  const ideal = points.flatMap(({ x, ideal: y }) => (y === undefined ? [] : [{ x, y }]));
  const top = Math.max(1e-9, ...points.map(({ y }) => y), ...ideal.map(({ y }) => y));
  const ticks = [top, top / 2, 0].map(numberText);
  const gutter = widest(ticks);
  const columns = Math.max(8, Math.min(60, style.columns - gutter - 4));
  const first = points[0]?.x ?? 0;
  const span = (points.at(-1)?.x ?? 0) - first || 1;
  const columnOf = (x: number) => Math.round(((x - first) / span) * (columns - 1));
  const rowOf = (y: number) => Math.round((1 - y / top) * (HEIGHT - 1));

  const cells = Array.from({ length: HEIGHT }, () => new Array<Cell>(columns).fill(" "));
  const put = ({ x, y }: Point, cell: Cell) => {
    const row = cells[Math.min(HEIGHT - 1, Math.max(0, rowOf(y)))];
    if (row !== undefined) row[columnOf(x)] = cell;
  };
  for (const point of between(ideal, columnOf)) put(point, "ideal");
  for (const point of between(points, columnOf)) put(point, "line");
  for (const point of points) put(point, "point");
  const draw = (cell: Cell, count: number) => {
    if (cell === " ") return cell.repeat(count);
    return (cell === "ideal" ? paint.dim : paint.cyan)(glyphs[cell].repeat(count));
  };

  const lines = [truncate(said(picture.yLabel), style.columns)];
  for (const [row, line] of cells.entries()) {
    const tick = { 0: ticks[0], [HEIGHT >> 1]: ticks[1], [HEIGHT - 1]: ticks[2] }[row] ?? "";
    lines.push(`${fitRight(tick, gutter)} ${paint.dim(glyphs.trunk)}${runs(line, draw)}`.trimEnd());
  }
  const indent = " ".repeat(gutter + 2);
  lines.push(`${" ".repeat(gutter + 1)}${paint.dim(glyphs.corner + glyphs.axis.repeat(columns))}`);
  lines.push(indent + xTicks(points, columnOf, columns).trimEnd());
  const legend = [`${draw("point", 1)} ${t("view.measured")}`];
  if (ideal.length > 0) legend.push(`${draw("ideal", 1)} ${t("view.ideal")}`);
  lines.push(indent + justify(legend.join("   "), said(picture.xLabel), columns));
  return lines.map((line) => truncate(line, style.columns));
}

/** A row of cells, equal neighbours drawn together. */
function runs(cells: readonly Cell[], draw: (cell: Cell, count: number) => string): string {
  let text = "";
  for (let i = 0; i < cells.length; ) {
    const cell = cells[i] ?? " ";
    let end = i;
    while (end < cells.length && cells[end] === cell) end++;
    text += draw(cell, end - i);
    i = end;
  }
  return text;
}

/** A point for each column between the first and the last of them, on the straight lines that join them. */
function* between(points: readonly Point[], columnOf: (x: number) => number): Generator<Point> {
  for (const [i, from] of points.slice(0, -1).entries()) {
    const to = points[i + 1] ?? from;
    const steps = Math.max(1, columnOf(to.x) - columnOf(from.x));
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      yield { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    }
  }
}

/** The points' x values under the axis, those that have room. */
function xTicks(points: readonly Point[], columnOf: (x: number) => number, columns: number): string {
  let line = "";
  for (const { x } of points) {
    const label = numberText(x);
    const at = Math.min(columnOf(x), columns - label.length);
    if (at > line.length || line === "") line = line.padEnd(at) + label;
  }
  return line.padEnd(columns);
}
