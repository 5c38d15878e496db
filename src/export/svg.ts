/**
 * The timeline as a picture of its own, for slides: title, lanes with their processes, axis, legend. Plain SVG with
 * attributes and no styles, patterns or scripts, so that every program that shows SVG shows the same.
 */

import { t } from "../i18n/index.ts";
import { durationText } from "../os/units.ts";
import { ticks } from "../show/ticks.ts";
import type { Chart, ChartLane, ChartState } from "./chart/chart.ts";
import { chartStateText, countText } from "./chart/words.ts";
import { escaped } from "./escape.ts";
import { light } from "./palette.ts";
import type { Report } from "./report.ts";
import { BAR, chartStatesIn, laneShapes, shapes, short } from "./shapes.ts";

const WIDTH = 1200;
const MARGIN = 24;
/** Beyond this many lanes, the others are counted. */
const LANES = 120;
/** Arrows of hand-overs, if there are no more of them than can be told apart. */
const ARROWS = 60;
const INK = "#1b1f24";
const DIM = "#59636e";
const FONTS =
  "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/** The file's text: well-formed XML. */
export function svgText({ title, params, chart, failed }: Report): string {
  const shown = chart.lanes.slice(0, LANES);
  const rowHeight = shown.length > 40 ? 18 : 34;
  const gutter = gutterOf(shown, chart.unit);
  const left = MARGIN + gutter;
  const scale = (WIDTH - MARGIN - left) / chart.endMs;
  const top = MARGIN + 62 + phaseRows(chart) * 18;
  const lanesEnd = top + shown.length * rowHeight;
  const legend = legendOf(chart, lanesEnd + 46);
  const more = chart.lanes.length - shown.length + chart.hidden.lanes;
  const height = legend.endY + (more > 0 ? 22 : 0) + MARGIN;
  const subtitle = [...params, durationText(chart.endMs), ...(failed > 0 ? [t("export.failed", { n: failed })] : [])];
  const parts = [
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, MARGIN + 18, fitted(title, (WIDTH - 2 * MARGIN) / 11), { size: 20, weight: 600 }),
    text(MARGIN, MARGIN + 42, fitted(subtitle.join(" · "), (WIDTH - 2 * MARGIN) / 7), { fill: DIM }),
    ...phases(chart, left, scale, top - 8),
    ...grid(chart, left, scale, top, lanesEnd),
    ...shown.map((lane, i) => laneOf(lane, chart.unit, { left, scale, y: top + i * rowHeight, rowHeight })),
    ...arrows(chart, shown.length, { left, scale, top, rowHeight }),
    ...legend.parts,
    ...(more > 0 ? [text(MARGIN, legend.endY + 18, t("view.moreLanes", { n: more }), { fill: DIM })] : []),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONTS}" font-size="13" fill="${INK}" role="img">
<title>${escaped(title)}</title>
${parts.join("\n")}
</svg>
`;
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: "middle" | "end";
}

function text(x: number, y: number, content: string, { size, weight, fill, anchor }: TextStyle = {}): string {
  const attributes = [
    ["font-size", size],
    ["font-weight", weight],
    ["fill", fill],
    ["text-anchor", anchor],
  ].flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${value}"`]));
  return `<text x="${short(x)}" y="${short(y)}"${attributes.join("")}>${escaped(content)}</text>`;
}

/** At most `columns` wide, as a terminal counts: a Chinese character is two wide here too. */
function fitted(content: string, columns: number): string {
  const most = Math.floor(columns);
  return Bun.stringWidth(content) <= most ? content : `${Bun.sliceAnsi(content, 0, most - 1)}…`;
}

/** Room for the lanes' names. */
function gutterOf(lanes: readonly ChartLane[], unit: Chart["unit"]): number {
  const widest = Math.max(
    0,
    ...lanes.map((lane) => Math.max(Bun.stringWidth(lane.name) * 8, Bun.stringWidth(aboutText(lane, unit)) * 5.7)),
  );
  return Math.min(260, widest + 16);
}

/** What stands below a lane's name: its process, or how much it did. */
function aboutText({ pid, ppid, count, failed }: ChartLane, unit: Chart["unit"]): string {
  if (unit === "stretches") return pid === 0 ? "" : t("export.pids", { pid, ppid });
  return [countText(count, unit), ...(failed > 0 ? [t("export.failed", { n: failed })] : [])].join(", ");
}

interface RowPlace {
  readonly left: number;
  readonly scale: number;
  readonly y: number;
  readonly rowHeight: number;
}

function laneOf(lane: ChartLane, unit: Chart["unit"], { left, scale, y, rowHeight }: RowPlace): string {
  const height = Math.min(BAR, rowHeight - 6);
  const barY = y + (rowHeight - height) / 2;
  const { paths, mixed, cuts, failures } = laneShapes(lane, barY, scale, height);
  const roomy = rowHeight > 30;
  const about = aboutText(lane, unit);
  const names =
    roomy && about !== "" ? text(MARGIN, y + 30, fitted(about, (left - MARGIN) / 5.6), { size: 10, fill: DIM }) : "";
  const name = text(MARGIN, y + (roomy && about !== "" ? 16 : rowHeight / 2 + 5), lane.name, { weight: 600 });
  const bars = paths.map(
    ({ state, d }) => `<path d="${d}" fill="${light[state]}" stroke="${light[state]}" stroke-width=".3"/>`,
  );
  if (cuts !== "") bars.push(`<path d="${cuts}" stroke="#ffffff" stroke-width="1"/>`);
  const line = mixed === "" ? [] : [`<path d="${mixed}" fill="${DIM}"/>`];
  const marks = failures.map((x) => `<path d="M${short(left + x)} ${short(barY)}l-4-6h8z" fill="${light.killed}"/>`);
  const ends = lane.lives.flatMap(({ toMs, ending, failed }) => {
    if (ending === "" || unit !== "stretches") return [];
    return [endMark(left + toMs * scale + (failed ? 8 : 6), barY + height / 2, failed)];
  });
  return `<g>${name}${names}<g transform="translate(${short(left)} 0)">${bars.join("")}${line.join("")}</g>${marks.join("")}${ends.join("")}</g>`;
}

/** A small cross where a process ended; a large red one if it failed or was killed. */
function endMark(x: number, y: number, failed: boolean): string {
  const r = failed ? 6 : 3.5;
  const d = `M${short(x - r)} ${short(y - r)}l${2 * r} ${2 * r}m0-${2 * r}l-${2 * r} ${2 * r}`;
  return `<path d="${d}" stroke="${failed ? light.killed : DIM}" stroke-width="${failed ? 3 : 1.5}" fill="none"/>`;
}

function grid({ endMs }: Chart, left: number, scale: number, top: number, bottom: number): string[] {
  return ticks(endMs, 8).flatMap(({ ms, label }) => {
    const x = left + ms * scale;
    const line = `<path d="M${short(x)} ${top}V${bottom + 4}" stroke="#d1d9e0"/>`;
    const anchor = x > WIDTH - MARGIN - 24 ? "end" : "middle";
    return [line, text(x, bottom + 20, label, { size: 12, fill: DIM, anchor })];
  });
}

function phaseRows({ phases }: Chart): number {
  return phases.length > 0 ? 1 : 0;
}

/** The named parts as brackets over the lanes; a name that has no room is left out. */
function phases({ phases }: Chart, left: number, scale: number, y: number): string[] {
  return phases.flatMap(({ title, fromMs, toMs }) => {
    const [x, width] = [left + fromMs * scale, (toMs - fromMs) * scale];
    const bracket = `<path d="M${short(x)} ${y + 4}v-4h${short(width)}v4" fill="none" stroke="${DIM}"/>`;
    const name = fitted(title, width / 6.5);
    return name.length < 3
      ? [bracket]
      : [bracket, text(x + width / 2, y - 5, name, { size: 12, fill: DIM, anchor: "middle" })];
  });
}

/** From who gave a lock back to who got it. */
function arrows(
  chart: Chart,
  lanes: number,
  { left, scale, top, rowHeight }: { left: number; scale: number; top: number; rowHeight: number },
): string[] {
  const shown = chart.arrows.filter(
    ({ kind, fromLane, toLane }) => kind === "lock" && fromLane < lanes && toLane < lanes,
  );
  if (shown.length > ARROWS) return [];
  return shown.map(({ fromLane, fromMs, toLane, toMs }) => {
    const [x1, x2] = [left + fromMs * scale, left + toMs * scale];
    const [y1, y2] = [top + (fromLane + 0.5) * rowHeight, top + (toLane + 0.5) * rowHeight];
    const tip = y2 > y1 ? -5 : 5;
    return `<path d="M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}m-3 ${tip}l3 ${-tip}l3 ${tip}" fill="none" stroke="${INK}" stroke-width=".8" opacity=".6"/>`;
  });
}

/** What the shapes mean, those that occur, in as many lines as it takes. */
function legendOf(chart: Chart, y: number): { parts: string[]; endY: number } {
  const parts: string[] = [];
  let [x, line] = [MARGIN, y];
  const entry = (sample: string, words: string) => {
    const width = 34 + Bun.stringWidth(words) * 7.2 + 22;
    if (x > MARGIN && x + width > WIDTH - MARGIN) [x, line] = [MARGIN, line + 24];
    parts.push(`<g transform="translate(${short(x)} ${line})">${sample}${text(34, 15, words)}</g>`);
    x += width;
  };
  for (const state of chartStatesIn(chart)) entry(sampleOf(state), chartStateText(state));
  if (chart.resolutionMs > 0) entry(mixedSample(), t("export.legend.mixed"));
  return { parts, endY: line + 24 };
}

function sampleOf(state: ChartState): string {
  const bars = shapes[state].map(
    ([top, height]) => `<rect y="${top}" width="26" height="${height}" fill="${light[state]}"/>`,
  );
  return bars.join("");
}

function mixedSample(): string {
  return `<rect y="12" width="26" height="8" fill="${light.runs}"/><rect y="7" width="26" height="5" fill="${light.waits}"/><rect y="20" width="26" height="1.5" fill="${DIM}"/>`;
}
