/** The code that ran, with the lanes beside the line each of them is at. */
import { fit, truncate, widest } from "../layout.ts";
import { glyphsOf, paintOf, type Style } from "../style.ts";
import type { Replay } from "./replay.ts";
import { printable } from "./words.ts";

const GUTTER = { least: 4, most: 14 } as const;

/** At most `rows` lines, the one that the lane of this step is at among them; none if there is no code to show. */
export function codePanel(replay: Replay, step: number, style: Style, rows: number): string[] {
  const { code, steps } = replay;
  if (code === undefined || rows <= 0) return [];
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const current = steps.events[step]?.lane ?? "";
  const at = new Map<number, string[]>();
  for (const lane of steps.lanes) {
    const { line } = steps.lane(lane, step);
    if (line === undefined) continue;
    const there = at.get(line) ?? [];
    if (lane === current) there.unshift(lane);
    else there.push(lane);
    at.set(line, there);
  }
  const here = steps.lane(current, step).line;
  const focus = here ?? (at.size > 0 ? Math.min(...at.keys()) : 0);
  const first = Math.max(0, Math.min(focus - (rows >> 1), code.lines.length - rows));
  const names = (line: number) => printable((at.get(line) ?? []).join(" "));
  const gutter = Math.min(GUTTER.most, Math.max(GUTTER.least, widest([...at.keys()].map(names))));
  return code.lines.slice(first, first + rows).map((text, i) => {
    const line = first + i;
    const mark = line === here ? glyphs.current : " ";
    const who = fit(names(line), gutter, glyphs.ellipsis);
    const words = truncate(text, Math.max(1, style.columns - gutter - 4), glyphs.ellipsis);
    const shown = line === here ? paint.bold(words) : at.has(line) ? words : paint.dim(words);
    return `${mark}${line === here ? paint.bold(who) : who} ${paint.dim(glyphs.trunk)} ${shown}`.trimEnd();
  });
}
