/** Where in the record one is, what moments there are, and which keys there are: in as many words as there is room for. */

import { message, t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import type { MomentKind } from "../../recording/moment.ts";
import { justify, truncate } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";
import { timeText } from "./moment-words.ts";
import { momentKeys, type ReplayView, speedText } from "./navigate.ts";
import type { Replay } from "./replay.ts";

const kinds = Object.keys(momentKeys) as MomentKind[];

/** What was recorded, and the step. */
export function titleLine(replay: Replay, view: ReplayView, style: Style): string {
  const paint = paintOf(style);
  const { steps, name, params } = replay;
  const glyphs = glyphsOf(style);
  const time = timeText(steps.events[view.step]?.t ?? 0);
  const playing = view.playing ? `${glyphs.current} ` : "";
  const where = t("replay.step", { step: steps.count === 0 ? 0 : view.step + 1, count: steps.count, time });
  return justify(
    `${paint.bold(printable(name))}   ${printable(params)}`,
    playing + where,
    style.columns,
    glyphs.ellipsis,
  );
}

/** The whole record as one line: where one is, and where its moments are. */
export function trackLine({ steps, moments }: Replay, step: number, style: Style): string {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const columns = Math.max(1, style.columns);
  const perColumn = Math.max(1, steps.count) / columns;
  const here = Math.min(columns - 1, Math.floor(step / perColumn));
  let line = "";
  for (let column = 0; column < columns; column++) {
    const [from, to] = [Math.ceil(column * perColumn), Math.ceil((column + 1) * perColumn)];
    const has = (kind?: MomentKind) => (moments.next(from - 1, kind) ?? Number.POSITIVE_INFINITY) < to;
    if (column === here) line += paint.bold(glyphs.on);
    else if (has("lost") || has("circle") || has("death")) line += paint.red(glyphs.telling);
    else line += has() ? paint.yellow(glyphs.waits) : paint.dim(glyphs.rule);
  }
  return line;
}

/** The keys: those that look for a kind of moment, with how many there are; those that move, play and leave. */
export function keysLines(replay: Replay, { speed }: ReplayView, style: Style, lines: number): string[] {
  const code = replay.code === undefined ? "" : ` · ${t("replay.keys.code")}`;
  const values = { speed: speedText(speed), code };
  const forms = [t("replay.keys.long", values), t("replay.keys.middle", values), t("replay.keys.short", values)];
  const keys = forms.find((form) => Bun.stringWidth(form) <= style.columns) ?? forms.at(-1) ?? "";
  const shown = lines > 1 ? [momentsLine(replay), keys] : [keys];
  return shown.map((line) => paintOf(style).dim(truncate(line, style.columns, glyphsOf(style).ellipsis)));
}

/** Which kinds of moments there are, how many, and their keys. */
function momentsLine({ moments }: Replay): string {
  const found = kinds.filter((kind) => moments.count(kind) > 0);
  if (found.length === 0) return t("replay.keys.none");
  const each = found.map((kind) => `${momentKeys[kind]} ${message(`replay.kind.${kind}`)} ${moments.count(kind)}`);
  return [t("replay.keys.moments"), ...each, t("replay.keys.back")].join(" · ");
}
