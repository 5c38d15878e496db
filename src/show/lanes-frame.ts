/**
 * One frame of the live view: every process a lane, one instant a column. Pure: from what is known so far to lines, at
 * a given size. It gives up columns, then rows, before it gives up saying which process does what.
 */

import { t } from "../i18n/index.ts";
import { printable } from "../os/bytes/printable.ts";
import { durationText } from "../os/units.ts";
import { hasEnded, type WaitsFor } from "../recording/fold.ts";
import type { Histories, LaneHistory } from "../recording/history.ts";
import type { Params, ShownDemo } from "../recording/results/demo.ts";
import { fit, fitRight, justify, truncate, widest } from "../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../terminal/style.ts";
import { activityText } from "./activity-words.ts";
import { legend } from "./legend.ts";
import { axis, instants, statesAt, statesIn, strip } from "./strips.ts";
import { demoWords, inOrder, labelled, paramsLine } from "./words.ts";

/** What the live view shows: a demo with its parameters. */
export interface LiveDemo {
  readonly demo: Pick<ShownDemo, "name" | "params" | "shared">;
  readonly params: Params;
}

/** Below this many columns a lane is a line of words, with no strip. */
const MIN_STRIP_COLUMNS = 40;

/** Lines for `style.columns` × `rows`, what is known up to `nowMs`. */
export function lanesFrame(live: LiveDemo, histories: Histories, nowMs: number, style: Style, rows: number): string[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const { name } = live.demo;
  const heading = `${paint.bold(name)}   ${paramsLine(live.demo, live.params)}`;
  const head = [justify(heading, durationText(nowMs), style.columns, glyphs.ellipsis)];
  const shared = sharedText(live, histories, style);
  if (shared !== "") head.push(justify(`lanes ${process.pid}`, shared, style.columns, glyphs.ellipsis));
  const watch = labelled(t("view.watch"), demoWords(name, "watch", live.params), { ...style, color: false }).map(
    paint.dim,
  );
  const fits = (foot: readonly string[]) => Math.max(1, rows - head.length - foot.length - 3);
  const foot = histories.lanes.length <= fits(watch) ? watch : []; // lanes before advice
  const { shown, hidden } = choose(histories.lanes, fits(foot));
  const body =
    style.columns < MIN_STRIP_COLUMNS ? words(shown, histories, style) : strips(shown, histories, nowMs, style);
  if (hidden > 0) body.push(paint.dim(`  ${t("view.moreLanes", { n: hidden })}`));
  return [...head, ...body, ...foot].slice(0, Math.max(1, rows)).map((line) => truncate(line, style.columns));
}

/** The lanes that have room: those that have ended go first, the oldest of them before all. */
function choose(lanes: readonly LaneHistory[], room: number): { shown: readonly LaneHistory[]; hidden: number } {
  if (lanes.length <= room) return { shown: lanes, hidden: 0 };
  const fits = Math.max(1, room - 1); // one line says how many more there are
  const ended = lanes.filter(({ lane, now }) => hasEnded(now.activity) && lane !== "main");
  const dropped = new Set(ended.slice(0, lanes.length - fits));
  const left = lanes.filter((lane) => !dropped.has(lane)).slice(0, fits);
  return { shown: left, hidden: lanes.length - left.length };
}

/** `lock off 2/3 · data.json count 212/400`. */
function sharedText({ demo, params }: LiveDemo, histories: Histories, style: Style): string {
  if (demo.shared === undefined) return "";
  const value = histories.lastWrite?.value;
  const now = typeof value === "number" || typeof value === "string" ? value : 0;
  const phase = histories.phase === "" ? "" : `${printable(histories.phase)} · `;
  return `${phase}${demo.shared.label} ${paintOf(style).bold(`${now}/${demo.shared.expected(params)}`)}`;
}

/** Lanes with their strips under one time axis, and the legend. */
function strips(lanes: readonly LaneHistory[], histories: Histories, nowMs: number, style: Style): string[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const roomy = style.columns >= 60;
  const states = lanes.map((lane) => stateText(lane, histories));
  const stateWidth = Math.min(
    roomy ? 14 : 10,
    Math.max(widest([t("view.column.state")]), roomy ? 10 : 8, widest(states)),
  );
  const column = (title: string, texts: readonly string[]) => ({ title, texts, width: widest([title, ...texts]) });
  const left = [
    column(
      "",
      lanes.map(({ lane }) => "  ".repeat(lane.split(".").length - 1) + lane), // below the process that started it
    ),
    ...(style.columns >= 50
      ? [
          column(
            "pid",
            lanes.map(({ now }) => String(now.pid)),
          ),
        ]
      : []),
    ...(roomy
      ? [
          column(
            "ppid",
            lanes.map(({ now }) => String(now.ppid)),
          ),
        ]
      : []),
    { title: t("view.column.state"), texts: states, width: stateWidth },
  ];
  const done = ({ lane, now }: LaneHistory) => (lane !== "main" && now.writes > 0 ? String(now.writes) : "");
  const counts = lanes.some((lane) => done(lane) !== "") ? lanes.map(done) : [];
  const countWidth = counts.length > 0 ? widest([t("view.column.done"), ...counts]) + 1 : 0;
  const leftWidth = 2 + left.reduce((sum, { width }) => sum + width + 1, 0);
  const columns = Math.max(8, style.columns - leftWidth - countWidth);
  const window = { fromMs: 0, toMs: Math.max(nowMs, 1), nowMs, columns };
  const at = instants(histories, window);
  const rows = lanes.map((lane) => statesAt(lane, at, window));
  const line = (branch: string, cells: readonly string[], middle: string, count: string) => {
    const text = cells.map((cell, i) => fit(cell, left[i]?.width ?? 0, glyphs.ellipsis)).join(" ");
    return `${branch} ${text} ${middle}${countWidth > 0 ? fitRight(count, countWidth) : ""}`.trimEnd();
  };
  const head = line(
    " ",
    left.map(({ title }) => title),
    axis(window.toMs, columns),
    countWidth > 0 ? t("view.column.done") : "",
  );
  const body = lanes.map((lane, i) => {
    const branch = lane.lane === "main" ? " " : i === lanes.length - 1 ? glyphs.lastBranch : glyphs.branch;
    const text = strip(rows[i] ?? [], glyphs, style);
    return line(
      branch,
      left.map(({ texts }) => texts[i] ?? ""),
      text,
      counts[i] ?? "",
    );
  });
  return [paint.dim(head), ...body, ...footer(legend(statesIn(rows), style), lockText(histories, style), style)];
}

/** The legend, and who holds the lock, on one line if they fit. */
function footer(legendLines: readonly string[], lock: string, style: Style): string[] {
  const last = legendLines.at(-1) ?? "";
  if (lock === "") return [...legendLines];
  if (Bun.stringWidth(last) + 3 + Bun.stringWidth(lock) > style.columns) return [...legendLines, lock];
  return [...legendLines.slice(0, -1), justify(last, lock, style.columns)];
}

/** `data.json.lock: pid 31202, P2`; where that is too wide for all of them, without the pids. */
function lockText(histories: Histories, style: Style): string {
  const owners = inOrder([...histories.locks.keys()]).map((lock) => {
    const lane = histories.locks.get(lock) ?? "";
    return { lock, lane, pid: histories.lane(lane)?.now.pid };
  });
  const told = (isBrief: boolean) =>
    owners
      .map(({ lock, lane, pid }) => {
        if (pid === undefined) return t("view.lock.free", { lock });
        return isBrief ? t("view.lock.brief", { lock, lane }) : t("view.lock.held", { lock, pid, lane });
      })
      .join("   ");
  const full = told(false);
  if (Bun.stringWidth(full) <= style.columns) return full;
  return truncate(told(true), style.columns, glyphsOf(style).ellipsis);
}

/** Each lane in words: too narrow for more. */
function words(lanes: readonly LaneHistory[], histories: Histories, style: Style): string[] {
  const names = widest(lanes.map(({ lane }) => lane));
  return lanes.map((lane) =>
    truncate(`${fit(lane.lane, names)} ${lane.now.pid} ${stateText(lane, histories)}`, style.columns),
  );
}

/** What a lane does now. */
function stateText({ lane, now }: LaneHistory, histories: Histories): string {
  const { activity, fence } = now;
  if (histories.over && lane !== "main" && !hasEnded(activity)) return t("view.now.ended");
  if (activity === undefined) return t("view.now.runs"); // nothing has told
  const hasRead = () => t("view.now.reads");
  return activityText(activity, { fence, hasRead, waitedFor: (waitsFor) => holderOf(waitsFor, histories) });
}

/** Who has what is waited for, as far as that is known; else what it is called. */
function holderOf({ on, owner }: WaitsFor, histories: Histories): string {
  const holder = histories.locks.get(on) || (owner === undefined ? "" : (histories.lanePid(owner)?.lane ?? `${owner}`));
  return holder === "" ? on : holder;
}
