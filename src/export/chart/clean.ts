/**
 * Texts that others made (commands, values, messages) as one line that is safe to show anywhere: nothing in it moves a
 * cursor, breaks a line, reverses the reading order, or is refused by XML or JSON.
 */
import { printable } from "../../os/bytes/printable.ts";
import { valueText } from "../../show/events.ts";

/** The most characters of a label. */
const MOST = 200;

/**
 * One clean line of at most `most` characters, as printable.ts shows it; what XML forbids beside that becomes U+FFFD.
 */
export function clean(text: string, most = MOST): string {
  if (text.length <= most && /^[ -~]*$/.test(text)) return text; // nearly always
  // Cut first: a command may be a megabyte long. More than is kept, so that the cut falls behind the last character.
  const line = printable(text.slice(0, most * 2 + 2)).replace(/[\ufffe\uffff]/g, "\ufffd");
  const characters = Array.from(line);
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join("")}…`;
}

/** A value that a process read or wrote, as a text that has room in a chart. */
export function shortValueText(value: unknown): string {
  return clean(valueText(value), 60);
}
