/**
 * One frame of a replay: the step, what happens in it, the lanes beside each other with what they share, the code. Pure, at
 * a given size: the smaller it is, the fewer steps, and then the code gives way, and then the ornaments.
 */
import { t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import { justify, truncate, wrap } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";
import { inOrder } from "../words.ts";
import { codePanel } from "./code-panel.ts";
import { keysLines, titleLine, trackLine } from "./footer.ts";
import { gridLines } from "./grid.ts";
import type { ReplayView } from "./navigate.ts";
import type { Replay } from "./replay.ts";
import { sharedText, stepText } from "./words.ts";

/** From this many rows on there is room for everything. */
const ROOMY = 18;

/** So many locks' owners are told at most. */
const MOST_LOCKS = 8;

/** At most `rows` lines of at most `style.columns`. */
export function replayFrame(replay: Replay, view: ReplayView, style: Style, rows: number): string[] {
  const { step } = view;
  const roomy = rows >= ROOMY;
  const paint = paintOf(style);
  const said = sayLines(replay, view, style, roomy ? 2 : 3);
  const head = [titleLine(replay, view, style), ...(roomy ? [sharedLine(replay, step, style)] : [])];
  const foot = [...(roomy ? [trackLine(replay, step, style)] : []), ...keysLines(replay, view, style, roomy ? 2 : 1)];
  const room = Math.max(2, rows - head.length - said.length - foot.length);
  let body: string[];
  if (replay.code === undefined) body = gridLines(replay, step, style, room, roomy);
  else if (!roomy) {
    body = view.code ? codePanel(replay, step, style, room) : gridLines(replay, step, style, room, false);
    while (body.length < room) body.push("");
  } else {
    const grid = view.code ? Math.max(4, Math.floor(room / 4)) : Math.ceil(room / 2);
    const code = codePanel(replay, step, style, room - grid - 1);
    const title = paint.dim(truncate(t("replay.code"), style.columns));
    body = [...gridLines(replay, step, style, room - code.length - 1, true), title, ...code];
  }
  return [...head, ...body, ...said, ...foot].slice(0, Math.max(1, rows)).map((line) => truncate(line, style.columns));
}

/** What happens in this step, in words; always as many lines, so that nothing below it moves. */
function sayLines(replay: Replay, view: ReplayView, style: Style, rows: number): string[] {
  const paint = paintOf(style);
  const text = view.stuck === true ? t("replay.stuck") : stepText(replay, view.step);
  const told = replay.moments.at(view.step) !== undefined && view.stuck !== true;
  const mark = told ? `${glyphsOf(style).telling} ` : "";
  const all = wrap(mark + text, style.columns);
  const lines = all.length > rows ? [...all.slice(0, rows - 1), all.slice(rows - 1).join(" ")] : all;
  const shown = lines.map((line) => truncate(line, style.columns, glyphsOf(style).ellipsis));
  while (shown.length < rows) shown.push("");
  return shown.map((line) => (told ? paint.bold(line) : line));
}

/** `data.json count 17/400`, and who holds which lock. */
function sharedLine(replay: Replay, step: number, style: Style): string {
  const { shared, steps } = replay;
  const value = sharedText(replay, step);
  const left = shared === undefined || value === "" ? "" : `${printable(shared.label)} ${value}/${shared.expected}`;
  const locks = inOrder(steps.locks)
    .slice(0, MOST_LOCKS)
    .map((lock) => {
      const lane = steps.owner(lock, step);
      if (lane === "") return t("view.lock.free", { lock });
      return t("view.lock.held", { lock, pid: steps.lane(lane, step).pid, lane });
    });
  const right = truncate(
    locks.join("   "),
    Math.max(0, style.columns - Bun.stringWidth(left) - 2),
    glyphsOf(style).ellipsis,
  );
  return justify(paintOf(style).bold(left), right, style.columns);
}
