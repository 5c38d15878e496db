/**
 * Text from outside (file names, values, owner records, recordings, error texts) as a person can see it: whatever would steer
 * a terminal, turn the writing direction, hide itself or break the line is spelled as an escape. Every message and every view
 * that shows such text passes it through here.
 */
import { escapedByte, isEscape } from "./byte-strings.ts";

/**
 * Control characters (Cc), invisible format characters (Cf: U+202E and other bidi marks, tags), line and paragraph separators,
 * and whatever is no character at all. The two joiners stay: scripts and emoji need them, and they move nothing.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const NAMED: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/**
 * The text on one line, with escapes for what cannot be shown: `\n`, `\x1b`, `\u202e`, `\u{e0041}`; a byte that is not UTF-8
 * (see byte-strings.ts) as `\xe9`. A backslash that was there stays as it is: this is for reading, not for parsing.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (isEscape(code)) return `\\x${escapedByte(code).toString(16)}`;
  const hex = code.toString(16);
  return (
    NAMED[char] ??
    (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`)
  );
}
