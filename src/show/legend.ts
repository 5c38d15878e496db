/** What the glyphs of a strip mean. */
import { message } from "../i18n/index.ts";
import type { LaneState } from "../recording/fold.ts";
import { glyphsOf, type Style } from "../terminal/style.ts";
import { strip } from "./strips.ts";

const GAP = "   ";

/** Lines that explain these states and no others; an entry stays together. */
export function legend(states: readonly LaneState[], style: Style): string[] {
  const lines: string[] = [];
  for (const state of states) {
    const entry = `${strip([state], glyphsOf(style), style)} ${message(`view.state.${state}`)}`;
    const line = lines.length === 0 ? entry : `${lines.at(-1)}${GAP}${entry}`;
    if (lines.length > 0 && Bun.stringWidth(line) <= style.columns) lines[lines.length - 1] = line;
    else lines.push(entry);
  }
  return lines;
}
