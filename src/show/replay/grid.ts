/**
 * The interleaving made visible: a row a step, a column a lane, and beside them what the lanes share: the value and each
 * lock's owner after that step. Rows end with the step itself: what is to come is not given away.
 */
import { t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import { fit, fitRight, justify, widest } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";
import { timeText } from "./moment-words.ts";
import type { Replay } from "./replay.ts";
import { cellText, lockTitle, sharedText, stateText } from "./words.ts";

/** What a lane's column has at least, and what it is worth having at most. */
const LANE = { least: 11, most: 15 } as const;
const MOST_LOCKS = 8;
const LOCK = { least: 5, most: 9 } as const;

interface Columns {
  readonly time: number;
  readonly lanes: readonly string[];
  readonly laneWidth: number;
  readonly value: number;
  readonly locks: readonly string[];
  readonly lockWidth: number;
  /** Lanes that had no room. */
  readonly hidden: number;
}

/** Exactly `rows` lines: the heads, what each lane does now if `states`, then the last steps. */
export function gridLines(replay: Replay, step: number, style: Style, rows: number, states: boolean): string[] {
  const heads = states ? 2 : 1;
  const because = replay.moments.at(step)?.because ?? [];
  const shown = stepsShown(step, because, rows - heads);
  const columns = columnsFor(replay, step, shown, style);
  const lines = [headLine(replay, columns, step, style), ...(states ? [stateLine(replay, columns, step, style)] : [])];
  for (const [i, at] of shown.entries()) {
    const gap = i > 0 && at !== (shown[i - 1] ?? 0) + 1;
    lines.push(stepLine(replay, columns, { at, step, gap, because }, style));
  }
  while (lines.length < rows) lines.push("");
  return lines;
}

/** The step, what it cannot be understood without, and as many of the steps before it as there is room for; in order. */
function stepsShown(step: number, because: readonly number[], room: number): number[] {
  const shown = new Set([step, ...because.slice(-Math.max(1, room - 1))].slice(0, Math.max(1, room)));
  for (let before = step - 1; before >= 0 && shown.size < room; before--) shown.add(before);
  return [...shown].sort((a, b) => a - b);
}

function columnsFor(replay: Replay, step: number, shown: readonly number[], style: Style): Columns {
  const { steps } = replay;
  const time = timeText(steps.events.at(-1)?.t ?? 0).length + 3;
  const value = replay.shared === undefined ? 0 : Math.max(6, widest([valueTitle()]));
  const named = steps.locks.slice(0, MOST_LOCKS);
  const lockWidth = Math.min(
    LOCK.most,
    Math.max(LOCK.least, widest(named.map((lock) => lockTitle(replay, lock))), widest(steps.lanes)),
  );
  const least = time + (value > 0 ? value + 1 : 0) + 2 * LANE.least;
  const locks = named.slice(0, Math.max(0, Math.floor((style.columns - least) / (lockWidth + 1))));
  const room = style.columns - time - (value > 0 ? value + 1 : 0) - locks.length * (lockWidth + 1);
  const fits = Math.max(1, Math.floor(room / LANE.least));
  const { lanes } = steps;
  const wanted = wantedLanes(replay, step, shown, fits);
  const all = lanes.length <= fits && lanes.length * LANE.most <= room;
  const chosen = all ? lanes : lanes.filter((lane) => wanted.has(lane));
  const laneWidth = Math.min(LANE.most, Math.max(LANE.least, Math.floor(room / Math.max(1, chosen.length))));
  return { time, lanes: chosen, laneWidth, value, locks, lockWidth, hidden: lanes.length - chosen.length };
}

/** At most `fits` lanes: those of the steps shown, the last before all; then the others, `main` only if it is one of these. */
function wantedLanes(replay: Replay, step: number, shown: readonly number[], fits: number): ReadonlySet<string> {
  const { steps, moments } = replay;
  const telling = [step, ...(moments.at(step)?.because ?? []), ...shown.toReversed()];
  const wanted = new Set<string>();
  const want = (lane: string | undefined) => lane !== undefined && wanted.size < fits && wanted.add(lane);
  for (const at of telling) want(steps.events[at]?.lane);
  for (const lane of steps.lanes) {
    if (wanted.size >= fits) break;
    if (lane !== "main") want(lane);
  }
  return wanted;
}

const valueTitle = () => t("replay.column.value");

/** The cells of a row, joined. */
function line(
  columns: Columns,
  time: string,
  lanes: readonly string[],
  value: string,
  locks: readonly string[],
): string {
  const { laneWidth, lockWidth } = columns;
  const shared = columns.value > 0 ? `${fitRight(value, columns.value)} ` : "";
  const owners = locks.map((lock) => fitRight(lock, lockWidth)).join(" ");
  return `${time}${lanes.map((text) => fit(text, laneWidth)).join("")}${shared}${owners}`.trimEnd();
}

function headLine(replay: Replay, columns: Columns, step: number, style: Style): string {
  const { steps } = replay;
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const room = columns.laneWidth - 1;
  const lanes = columns.lanes.map((lane) => {
    const { pid } = steps.lane(lane, step);
    const name = printable(lane);
    const withPid = pid > 0 ? `${name} ${pid}` : name;
    return fit(Bun.stringWidth(withPid) <= room ? withPid : name, room, glyphs.ellipsis);
  });
  const locks = columns.locks.map((lock) => lockTitle(replay, lock));
  const time = fitRight("ms", columns.time - 1);
  return paint.dim(line(columns, `${time} `, lanes, valueTitle(), locks));
}

/** What each lane does now, under its name. */
function stateLine(replay: Replay, columns: Columns, step: number, style: Style): string {
  const paint = paintOf(style);
  const { ellipsis } = glyphsOf(style);
  const colour = { ...paint, none: (text: string) => text };
  const lanes = columns.lanes.map((lane) => {
    const now = replay.steps.lane(lane, step);
    const text = fit(stateText(replay, now, step), columns.laneWidth - 1, ellipsis);
    const state = now.activity?.state;
    const name = state === "holds" ? "magenta" : state === "reads" ? "yellow" : state === "killed" ? "red" : "none";
    return colour[name](text);
  });
  const time = fitRight(t("replay.now"), columns.time - 1);
  const now = line(columns, `${paint.dim(time)} `, lanes, "", []);
  return columns.hidden > 0 ? justify(now, paint.dim(`+${columns.hidden}`), style.columns) : now;
}

interface Row {
  readonly at: number;
  /** The step one is at, which is the last row. */
  readonly step: number;
  /** Steps between the row above and this one are left out. */
  readonly gap: boolean;
  readonly because: readonly number[];
}

function stepLine(replay: Replay, columns: Columns, { at, step, gap, because }: Row, style: Style): string {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const event = replay.steps.events[at];
  if (event === undefined) return "";
  const current = at === step;
  const told = current || because.includes(at);
  const lost = replay.moments.at(step)?.kind === "lost" && at === because.at(-1);
  const mark = current ? glyphs.current : lost ? glyphs.killed : gap ? glyphs.gap : " ";
  const time = `${mark}${fitRight(timeText(event.t), columns.time - 2)} `;
  const room = columns.laneWidth - 1;
  const text = cellText(replay, at);
  const colour = current ? paint.bold : lost ? paint.red : told ? paint.yellow : (text: string) => text;
  const column = columns.lanes.indexOf(event.lane);
  const lanes =
    column < 0
      ? [fit(`${printable(event.lane)}: ${text}`, columns.lanes.length * columns.laneWidth - 1, glyphs.ellipsis)]
      : columns.lanes.map((_, i) => (i === column ? colour(fit(text, room, glyphs.ellipsis)) : ""));
  const locks = columns.locks.map((lock) => printable(replay.steps.owner(lock, at)) || glyphs.nobody);
  const width = column < 0 ? { ...columns, laneWidth: columns.laneWidth * columns.lanes.length } : columns;
  return line(width, told ? paint.bold(time) : paint.dim(time), lanes, sharedText(replay, at), locks);
}
