/** A list that may be longer than its room, as the lines around the one that counts. */
import { glyphsOf, paintOf, type Style } from "./style.ts";

export interface ListLine {
  readonly text: string;
  /** The entry it belongs to; -1 for a heading. */
  readonly index: number;
}

/** At most `room` lines, those of entry `cursor` among them; an ellipsis stands for what is above or below. */
export function scrolled(lines: readonly ListLine[], cursor: number, room: number, style: Style): string[] {
  if (lines.length <= room) return lines.map(({ text }) => text);
  const at = lines.findIndex(({ index }) => index === cursor);
  const first = Math.max(0, Math.min(at - (room >> 1), lines.length - room));
  const shown = lines.slice(first, first + room).map(({ text }) => text);
  const more = paintOf(style).dim(glyphsOf(style).ellipsis);
  if (first > 0) shown[0] = more;
  if (first + room < lines.length) shown[shown.length - 1] = more;
  return shown;
}
