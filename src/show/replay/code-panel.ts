/** The code that ran, with the lanes beside the line each of them is at. */

import { printable } from "../../os/bytes/printable.ts";
import { fit, truncate, widest } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";
import type { Replay } from "./replay.ts";

const GUTTER = { least: 4, most: 14 } as const;

/**
 * At most `rows` lines: the one that the lane of this step is at, those that the others are at, and what stands around the
 * first. None if there is no code to show.
 */
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
  const lines = linesToShow(code.lines.length, focus, [...at.keys()], rows);
  const names = (line: number) => printable((at.get(line) ?? []).join(" "));
  const gutter = Math.min(GUTTER.most, Math.max(GUTTER.least, widest([...at.keys()].map(names))));
  return lines.map((line, i) => {
    const text = code.lines[line] ?? "";
    const trunk = i > 0 && lines[i - 1] !== line - 1 ? glyphs.gap : glyphs.trunk;
    const mark = line === here ? glyphs.current : " ";
    const who = fit(names(line), gutter, glyphs.ellipsis);
    const words = truncate(text, Math.max(1, style.columns - gutter - 4), glyphs.ellipsis);
    const shown = line === here ? paint.bold(words) : at.has(line) ? words : paint.dim(words);
    return `${mark}${line === here ? paint.bold(who) : who} ${paint.dim(trunk)} ${shown}`.trimEnd();
  });
}

/** Which lines of so many there is room for, in order: the focus, the marked ones nearest to it, then those around it. */
function linesToShow(count: number, focus: number, marked: readonly number[], rows: number): number[] {
  const chosen = new Set([focus]);
  const add = (line: number) => {
    if (chosen.size < rows && line >= 0 && line < count) chosen.add(line);
  };
  for (const line of marked.toSorted((a, b) => Math.abs(a - focus) - Math.abs(b - focus))) add(line);
  for (let reach = 1; chosen.size < Math.min(rows, count); reach++)
    for (const line of [focus + reach, focus - reach]) add(line);
  return [...chosen].sort((a, b) => a - b);
}
