/**
 * Texts that others made (commands, values, messages) as one line that is safe to show anywhere: nothing in it moves a
 * cursor, breaks a line, reverses the reading order, or is refused by XML or JSON.
 */

/** The most characters of a label. */
const MOST = 200;

/**
 * One clean line of at most `most` characters. Control characters become their symbols (␛, ␊); what turns the reading order
 * around, halves of characters and what XML forbids become U+FFFD.
 */
export function clean(text: string, most = MOST): string {
  if (text.length <= most && /^[ -~]*$/.test(text)) return text; // nearly always
  // Cut first: a command may be a megabyte long. More than is kept, so that the cut falls behind the last character.
  const line = text
    .slice(0, most * 2 + 2)
    .toWellFormed()
    .replace(/[\x00-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/\x7f/g, "\u2421")
    .replace(/[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g, "\ufffd");
  const characters = Array.from(line);
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join("")}…`;
}

/** A value that a process read or wrote, as text. */
export function valueText(value: unknown): string {
  return clean(typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)), 60);
}
