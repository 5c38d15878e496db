/**
 * The lanes of a trace as text: a process a line, indented below the one that started it, with what it did over time, what it
 * ran, and what it waited for most. Pure: from what is known so far to lines, at a given size.
 */

import { t } from "../../i18n/index.ts";
import type { OtherProcesses } from "../../recording/other-processes.ts";
import { type TracedLane, type TracedStretch, worth } from "../../recording/trace-lanes.ts";
import { fit, fitRight, truncate, widest } from "../../terminal/layout.ts";
import { paintOf, type Style } from "../../terminal/style.ts";
import { axis } from "../strips.ts";
import { mostWaitedText } from "./trace-waits.ts";
import { commandText, endedText, type Names } from "./trace-words.ts";

/** What is drawn. */
export interface TraceView {
  readonly lanes: readonly TracedLane[];
  readonly others: OtherProcesses;
  readonly nowMs: number;
}

/** Characters of the strips: little, half, all of a core; waiting; for a lock; stopped; a zombie. */
const unicode = { some: "─", half: "━", full: "▇", waits: "·", locked: "▒", stopped: "s", zombie: "Z", starts: "┄" };
const ascii = { some: "-", half: "=", full: "#", waits: ".", locked: "!", stopped: "s", zombie: "Z", starts: ":" };
type Marks = typeof unicode;

/** Below this many columns there is no strip; deeper generations are indented no further. */
const [MIN_STRIP_COLUMNS, DEEPEST] = [50, 5];
/** A strip's least width, and its least part of what is left beside names and ends. */
const [MIN_STRIP, LEAST_STRIP] = [12, 0.25];

/** The lanes under one axis of time, as many as fit into the rows, and the legend. */
export function traceLines({ lanes, others, nowMs }: TraceView, names: Names, style: Style, rows: number): string[] {
  const paint = paintOf(style);
  const { shown, hidden } = choose(lanes, rows - 4);
  const children = inTree(shown);
  const marks: Marks = style.ascii ? ascii : unicode;
  const titles = children.map(({ lane, depth }) => `${" ".repeat(Math.min(depth, DEEPEST))}${lane.lane}`);
  const pids = children.map(({ lane }) => String(lane.pid));
  const ends = children.map(({ lane }) => endedText(lane));
  const [nameWidth, pidWidth, endWidth] = [
    widest([t("trace.column.lane"), ...titles]),
    widest(["pid", ...pids]),
    Math.min(8, widest([t("trace.column.ended"), ...ends])),
  ];
  const left = nameWidth + pidWidth + endWidth + 3;
  const rest = Math.max(0, style.columns - left);
  const hasStrip = style.columns >= MIN_STRIP_COLUMNS;
  const commands = children.map(({ lane }) => commandText(lane.command));
  const waits = children.map(({ lane }) => mostWaitedText(lane, nowMs, names));
  const [commandNeeds, waitNeeds] = [
    widest([t("trace.column.command"), ...commands]),
    widest([t("trace.column.waited"), ...waits]),
  ];
  // The strip has what the words leave, within bounds; the command what the wait leaves.
  const strip = hasStrip
    ? Math.max(
        MIN_STRIP,
        Math.floor(rest * LEAST_STRIP),
        Math.min(Math.floor(rest * 0.4), rest - commandNeeds - waitNeeds - 2),
      )
    : 0;
  const words = Math.max(8, rest - strip - 1);
  const commandWidth = Math.max(8, Math.min(commandNeeds, Math.max(Math.floor(words * 0.3), words - waitNeeds - 1)));
  const waitWidth = Math.max(0, words - commandWidth - 1);
  const line = (cells: readonly [string, string, string, string, string, string]) =>
    `${fit(cells[0], nameWidth)} ${fitRight(cells[1], pidWidth)} ${fit(cells[2], endWidth)} ${hasStrip ? `${cells[3]} ` : ""}${fit(cells[4], commandWidth, ellipsis(style))} ${truncate(cells[5], waitWidth, ellipsis(style))}`.trimEnd();
  const head = line([
    t("trace.column.lane"),
    "pid",
    t("trace.column.ended"),
    hasStrip ? fit(axis(Math.max(nowMs, 1), strip), strip) : "",
    t("trace.column.command"),
    t("trace.column.waited"),
  ]);
  const body = children.map(({ lane }, i) => {
    const text = line([
      titles[i] ?? "",
      pids[i] ?? "",
      ends[i] ?? "",
      hasStrip ? stripOf(lane, nowMs, strip, marks) : "",
      commands[i] ?? "",
      waits[i] ?? "",
    ]);
    return lane.failed ? paint.red(text) : text;
  });
  const notes = [
    ...(others.count > 0 ? [othersText(others)] : []),
    ...(hidden > 0 ? [t("trace.hidden", { n: hidden })] : []),
    ...(hasStrip ? [legend(shown, marks)] : []),
  ];
  return [paint.dim(head), ...body, ...notes.map((note) => paint.dim(truncate(note, style.columns)))];
}

const ellipsis = ({ ascii: plain }: Style) => (plain ? "~" : "…");

/** Those that have room: the command, what failed, then the long and the busy ones. */
function choose(lanes: readonly TracedLane[], room: number): { shown: readonly TracedLane[]; hidden: number } {
  if (lanes.length <= room) return { shown: lanes, hidden: 0 };
  const best = new Set([...lanes].sort((a, b) => worth(b) - worth(a)).slice(0, Math.max(1, room)));
  return { shown: lanes.filter((lane) => best.has(lane)), hidden: lanes.length - best.size };
}

/** Each below its parent, as deep as there are parents above it that are shown. */
function inTree(lanes: readonly TracedLane[]): { readonly lane: TracedLane; readonly depth: number }[] {
  const known = new Set(lanes.map(({ lane }) => lane));
  const below = Map.groupBy(lanes, ({ parentLane }) => (known.has(parentLane) ? parentLane : ""));
  const found: { lane: TracedLane; depth: number }[] = [];
  const add = (parent: string, depth: number) => {
    for (const lane of below.get(parent) ?? []) {
      found.push({ lane, depth });
      add(lane.lane, depth + 1);
    }
  };
  add("", 0);
  return found;
}

/** One character a column: what the lane did for the longest part of it. */
export function stripOf(lane: TracedLane, nowMs: number, columns: number, marks: Marks = unicode): string {
  const slice = Math.max(nowMs, 1e-3) / columns;
  const sums = Array.from({ length: columns }, () => ({ ms: new Map<string, number>(), cpuMs: 0 }));
  for (const stretch of lane.stretches) {
    const span = Math.max(stretch.toMs - stretch.fromMs, 1e-6);
    for (let at = Math.floor(stretch.fromMs / slice); at < columns && at * slice < stretch.toMs; at++) {
      const overlap = Math.min(stretch.toMs, (at + 1) * slice) - Math.max(stretch.fromMs, at * slice);
      const sum = sums[at];
      if (sum === undefined) continue;
      const mark = markOf(stretch, marks);
      sum.ms.set(mark, (sum.ms.get(mark) ?? 0) + overlap);
      sum.cpuMs += (stretch.cpuMs * overlap) / span;
    }
  }
  return sums.map(({ ms, cpuMs }) => cell(ms, cpuMs / slice, marks)).join("");
}

function cell(ms: ReadonlyMap<string, number>, busy: number, marks: Marks): string {
  let best = " ";
  for (const [mark, length] of ms) if (length > (ms.get(best) ?? 0)) best = mark;
  // What computed for a good part of the time ran, whatever it did at the moments of the looks.
  if (best === marks.some || busy > 0.34) return busy > 0.67 ? marks.full : busy > 0.34 ? marks.half : marks.some;
  return best;
}

function markOf({ state, waits }: TracedStretch, marks: Marks): string {
  if (state === "runs") return marks.some;
  if (state !== "waits") return marks[state];
  return waits?.why === "lock" || waits?.why === "semaphore" ? marks.locked : marks.waits;
}

function othersText({ count, failed, pieces }: OtherProcesses): string {
  const most = Math.max(1, Math.round(Math.max(0, ...pieces.map(({ live }) => live))));
  return failed > 0 ? t("trace.othersFailed", { n: count, failed, most }) : t("trace.others", { n: count, most });
}

/** The marks that occur. */
function legend(lanes: readonly TracedLane[], marks: Marks): string {
  const seen = new Set(lanes.flatMap(({ stretches }) => stretches.map((stretch) => markOf(stretch, marks))));
  const { some, half, full, waits, locked, stopped, zombie, starts } = marks;
  return [
    t("trace.legend.cpu", { some, half, full }),
    ...(seen.has(starts) ? [t("trace.legend.starts", { starts })] : []),
    ...(seen.has(waits) ? [t("trace.legend.waits", { waits })] : []),
    ...(seen.has(locked) ? [t("trace.legend.locked", { locked })] : []),
    ...(seen.has(stopped) ? [t("trace.legend.stopped", { stopped })] : []),
    ...(seen.has(zombie) ? [t("trace.legend.zombie", { zombie })] : []),
  ].join("   ");
}
