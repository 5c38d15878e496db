/**
 * The timeline of a page: the lanes' names beside an SVG that the page may stretch along the axis of time, and over it a row a
 * lane that says what is under the pointer. What must not be stretched (ends, marks, words) stands over the SVG as elements.
 */

import { t } from "../i18n/index.ts";
import { durationText } from "../os/units.ts";
import { ticks } from "../show/ticks.ts";
import type { Chart, ChartLane } from "./chart/chart.ts";
import { chartStateText, countText } from "./chart/words.ts";
import { escaped } from "./escape.ts";
import type { Report } from "./report.ts";
import { BAR, chartStatesIn, laneShapes, shapes, short } from "./shapes.ts";

/** Units of the SVG across; the page stretches it to whatever is there. */
const ACROSS = 1_000;
/** Units of a row; `--row` in the style sheet is what it is on the screen. */
const ROW = 40;
/** Lanes drawn; the others are counted. */
const LANES = 256;

/** The timeline as HTML; of very many lanes the first, and how many more there are. */
export function chartSection({ chart }: Report): string {
  const lanes = chart.lanes.slice(0, LANES);
  const hidden = chart.lanes.length - lanes.length + chart.hidden.lanes;
  const more = hidden === 0 ? "" : `<p class="dim">${escaped(moreText(chart, hidden))}</p>`;
  return `<section><h2>${escaped(t("export.timeline"))}</h2>
<ul class="legend">${legend(chart)}</ul>
<div class="chart"><div class="names">${chart.phases.length > 0 ? `<div class="phase-gap"></div>` : ""}${lanes.map((lane) => nameOf(lane, chart.unit)).join("")}</div>
<div id="scroll"><div id="plot">${phases(chart)}<div style="position:relative">${strips(chart, lanes)}${lanes.map((lane, i) => overlay(lane, i, chart)).join("")}</div><div id="cursor" hidden></div><div id="axis">${axis(chart)}</div></div></div></div>
${more}${resolution(chart)}
${controls()}
${numbers(chart)}
<div class="scroll tall"><table id="now"><thead><tr><th>${escaped(t("export.column.lane"))}</th><th>pid</th><th>${escaped(t("view.column.state"))}</th><th>${escaped(t("export.column.reason"))}</th></tr></thead><tbody>${lanes.map(rowOf).join("")}</tbody></table></div>
<div id="tip" role="tooltip" hidden></div></section>`;
}

function moreText({ hidden, unit }: Chart, lanes: number): string {
  const count = hidden.count > 0 ? ` (${countText(hidden.count, unit)}${failedText(hidden.failed)})` : "";
  return t("view.moreLanes", { n: lanes }) + count;
}

const failedText = (failed: number) => (failed > 0 ? `, ${t("export.failed", { n: failed })}` : "");

function legend(chart: Chart): string {
  const entry = (sample: string, words: string) =>
    `<li><svg width="26" height="${BAR + 2}" aria-hidden="true">${sample}</svg>${escaped(words)}</li>`;
  const states = chartStatesIn(chart).map((state) => {
    const bars = shapes[state].map(
      ([y, height]) => `<rect class="c-${state}" y="${y}" width="26" height="${height}"/>`,
    );
    return entry(bars.join(""), chartStateText(state));
  });
  if (chart.resolutionMs > 0) {
    const sample = `<rect class="c-runs" y="12" width="26" height="8"/><rect class="c-waits" y="7" width="26" height="5"/><rect class="c-mixed" y="20" width="26" height="1.5"/>`;
    states.push(entry(sample, t("export.legend.mixed")));
  }
  return states.join("");
}

function nameOf({ name, pid, ppid, count, failed }: ChartLane, unit: Chart["unit"]): string {
  const about = unit === "stretches" ? (pid === 0 ? "" : t("export.pids", { pid, ppid })) : countText(count, unit);
  const second = about === "" ? "" : `<small>${escaped(about)}</small>`;
  const bad = failed > 0 ? `<small class="bad">${escaped(t("export.failed", { n: failed }))}</small>` : "";
  return `<div><strong>${escaped(name)}</strong>${second}${bad}</div>`;
}

function phases({ phases, endMs }: Chart): string {
  if (phases.length === 0) return "";
  const spans = phases.map(
    ({ title, fromMs, toMs }) =>
      `<span style="left:${percent(fromMs, endMs)};width:${percent(toMs - fromMs, endMs)}" title="${escaped(title)}">${escaped(title)}</span>`,
  );
  return `<div class="phases">${spans.join("")}</div>`;
}

function strips(chart: Chart, lanes: readonly ChartLane[]): string {
  const scale = ACROSS / chart.endMs;
  const bars = lanes.map((lane, i) => {
    const { paths, mixed, cuts } = laneShapes(lane, i * ROW + (ROW - BAR) / 2, scale);
    const drawn = paths.map(({ state, d }) => `<path class="c-${state}" d="${d}"/>`);
    if (cuts !== "") drawn.push(`<path class="cut" d="${cuts}"/>`);
    return drawn.join("") + (mixed === "" ? "" : `<path class="c-mixed" d="${mixed}"/>`);
  });
  const lines = lanes.slice(1).map((_, i) => `M0 ${(i + 1) * ROW}h${ACROSS}`);
  const height = Math.max(1, lanes.length) * ROW;
  return `<svg viewBox="0 0 ${ACROSS} ${height}" preserveAspectRatio="none" style="height:calc(var(--row)*${lanes.length})" role="img" aria-label="${escaped(t("export.timeline"))}"><path d="${lines.join("")}" stroke="var(--line)" fill="none"/>${bars.join("")}</svg>`;
}

/** What stands over a lane's strip: where something failed, where its processes ended, and what takes pointer and focus. */
function overlay(lane: ChartLane, i: number, { endMs, unit }: Chart): string {
  const top = `top:calc(var(--row)*${i})`;
  const { failures } = laneShapes(lane, 0, ACROSS / endMs);
  const marks = failures.map((x) => `<i class="mark" style="left:${short(x / 10)}%;${top}"></i>`);
  const ends = lane.lives.flatMap(({ toMs, ending, failed }) => {
    if (ending === "" || (unit !== "stretches" && !failed)) return [];
    return [
      `<span class="end${failed ? " bad" : ""}" style="left:${percent(toMs, endMs)};${top}">${failed ? "✗" : "×"}</span>`,
    ];
  });
  const about = [lane.name, ...(lane.pid > 0 ? [`pid ${lane.pid}`] : []), countText(lane.count, unit)];
  const label = about.join(", ") + failedText(lane.failed);
  return `<div class="row" tabindex="0" role="group" aria-label="${escaped(label)}" style="${top}"></div>${marks.join("")}${ends.join("")}`;
}

function percent(ms: number, endMs: number): string {
  return `${short((ms / endMs) * 100)}%`;
}

/** The axis before the script draws it for the width there is. */
function axis({ endMs }: Chart): string {
  return ticks(endMs, 5)
    .filter(({ ms }) => ms <= endMs * 0.95) // none that would be cut off
    .map(({ ms, label }) => `<span style="left:${percent(ms, endMs)}">${escaped(label)}</span>`)
    .join("");
}

function resolution({ resolutionMs, stepsOf, steps }: Chart): string {
  const notes = [
    ...(resolutionMs > 0 ? [t("export.resolution", { time: durationText(resolutionMs) })] : []),
    ...(stepsOf > steps.length ? [t("export.someSteps", { n: steps.length, of: stepsOf })] : []),
  ];
  return notes.map((note) => `<p class="dim">${escaped(note)}</p>`).join("");
}

function controls(): string {
  const button = (id: string, sign: string, words: string) =>
    `<button type="button" id="${id}" aria-label="${escaped(words)}" title="${escaped(words)}">${sign}</button>`;
  return `<div id="controls" hidden>${button("first", "|◀", t("export.first"))}${button("back", "◀", t("export.back"))}<input type="range" id="step" min="0" max="0" value="0" step="1" aria-label="${escaped(t("export.slider"))}">${button("forth", "▶", t("export.forth"))}${button("last", "▶|", t("export.last"))}${button("wider", "−", t("export.wider"))}<span id="zoom">1×</span>${button("closer", "+", t("export.closer"))}</div><p id="step-text" aria-live="polite"></p>`;
}

/** The numbers that change over time, and who holds a lock, if locks are held at all. */
function numbers(chart: Chart): string {
  const row = (words: string, id: string) => `<div><dt>${escaped(words)}</dt><dd id="${id}">–</dd></div>`;
  const rows = [
    ...chart.series.map(({ name }, i) => row(name, `series-${i}`)),
    ...chart.locks.map(({ name }, i) => row(t("export.owner", { lock: name }), `lock-${i}`)),
  ];
  return rows.length === 0 ? "" : `<dl class="numbers">${rows.join("")}</dl>`;
}

function rowOf({ name, pid }: ChartLane): string {
  return `<tr><td>${escaped(name)}</td><td>${pid === 0 ? "" : pid}</td><td></td><td></td></tr>`;
}
