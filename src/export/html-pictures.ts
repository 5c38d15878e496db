/** A demo's pictures on a page. Parts of the recording are not among them: they stand over the timeline. */

import { said, t } from "../i18n/index.ts";
import { numberText } from "../os/units.ts";
import type { Picture } from "../recording/results/outcome.ts";
import { escaped } from "./escape.ts";
import type { Report } from "./report.ts";
import { short } from "./shapes.ts";

/** All pictures of a report that are not parts of its recording, as HTML. */
export function pictures({ pictures }: Report): string {
  return pictures.map(drawn).join("");
}

function drawn(picture: Picture): string {
  switch (picture.kind) {
    case "bars":
      return bars(picture);
    case "table":
      return table(picture);
    case "curve":
      return curve(picture);
    case "timelines":
      return "";
  }
}

function bars({ rows, unit }: Picture<"bars">): string {
  const most = Math.max(Number.MIN_VALUE, ...rows.map(({ value }) => value));
  const lines = rows.map(({ label, value }) => {
    const width = Math.max(0, (value / most) * 100);
    return `<span>${escaped(said(label))}</span><i style="width:${short(width)}%"></i><span>${escaped(`${numberText(value)} ${said(unit)}`)}</span>`;
  });
  return `<div class="bars">${lines.join("")}</div>`;
}

function table(picture: Picture<"table">): string {
  const columns = picture.columns.map(said);
  const rows = picture.rows.map((row) => row.map(said));
  const numeric = columns.map((_, i) => rows.every((row) => /^[-+]?[\d.,]+( ?\S{1,4})?$/.test(row[i] ?? "")));
  const cells = (row: readonly string[], tag: "th" | "td") =>
    row
      .map((cell, i) => `<${tag}${numeric[i] && tag === "td" ? ' class="number"' : ""}>${escaped(cell)}</${tag}>`)
      .join("");
  const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
  return `<div class="scroll"><table><thead><tr>${cells(columns, "th")}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [560, 280, 56, 36, 28];

/** Measured points joined by a line, the ideal one dotted behind them, both from 0. */
function curve({ points, ...labels }: Picture<"curve">): string {
  const [xLabel, yLabel] = [said(labels.xLabel), said(labels.yLabel)];
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const first = sorted[0]?.x ?? 0;
  const span = (sorted.at(-1)?.x ?? 0) - first || 1;
  const most = Math.max(1e-9, ...sorted.flatMap(({ y, ideal }) => [y, ideal ?? 0]));
  const x = (value: number) => short(LEFT + ((value - first) / span) * (WIDTH - LEFT - 16));
  const y = (value: number) => short(HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP));
  const line = (of: readonly (readonly [number, number])[]) => of.map(([a, b]) => `${x(a)},${y(b)}`).join(" ");
  const ideal = sorted.flatMap((point) => (point.ideal === undefined ? [] : [[point.x, point.ideal] as const]));
  const label = (at: string, content: string, anchor = "middle") =>
    `<text ${at} text-anchor="${anchor}">${escaped(content)}</text>`;
  const parts = [
    `<path class="axes" d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 8}"/>`,
    ...[most, most / 2, 0].map((value) => label(`x="${LEFT - 8}" y="${y(value)}" dy="4"`, numberText(value), "end")),
    ...sorted.map((point) => label(`x="${x(point.x)}" y="${HEIGHT - BOTTOM + 18}"`, numberText(point.x))),
    label(`x="4" y="14"`, yLabel, "start"),
    label(`x="${WIDTH - 8}" y="${HEIGHT - 4}"`, xLabel, "end"),
    ideal.length > 0 ? `<polyline class="ideal" points="${line(ideal)}"/>` : "",
    `<polyline class="measured" points="${line(sorted.map((point) => [point.x, point.y]))}"/>`,
    ...sorted.map(
      (point) =>
        `<circle cx="${x(point.x)}" cy="${y(point.y)}" r="4"><title>${escaped(numberText(point.y))}</title></circle>`,
    ),
  ];
  const caption = [`● ${t("view.measured")}`, ...(ideal.length > 0 ? [`· · · ${t("view.ideal")}`] : [])].join("   ");
  return `<figure><svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`${yLabel} / ${xLabel}`)}">${parts.join("")}</svg><figcaption class="dim">${escaped(caption)}</figcaption></figure>`;
}
