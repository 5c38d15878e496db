/**
 * Text from outside (file names, values, owner records, recordings, error texts) as a person can see it: whatever would steer
 * a terminal, turn the writing direction, hide itself or break the line is spelled as an escape. Every message passes its
 * values through here (i18n/message.ts), and so does every view that shows such text without a message.
 */
import { encodeText, escapedByte, isEscape } from "./byte-strings.ts";

/** Nearly every text: nothing in it needs a closer look, which costs a table of all of Unicode the first time. */
const PLAIN = /^[ -~]*$/;

/**
 * The text on one line, with escapes for what cannot be shown: `\n`, `\x1b`, `\u202e`, `\u{e0041}`; a byte that is not UTF-8
 * (see byte-strings.ts) as `\xe9`. A backslash that was there stays as it is: this is for reading, not for parsing.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(unprintable(), escaped);
}

/** The lines of a text that others wrote for people to read: an error's message or stack, what a program printed. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/);
}

/** Lines below each other, each as {@link printable} shows it, but that a tab stays: it is layout, as the line's end is. */
export function printableLines(lines: readonly string[]): string {
  return lines.map((line) => line.split("\t").map(printable).join("\t")).join("\n");
}

/** A value as JSON of one line; the same value to whoever parses it, and nothing in it steers a terminal that shows it. */
export function printableJson(value: unknown): string {
  return printableJsonText(JSON.stringify(value));
}

/** The same of JSON that is there already, its numbers as they are written. */
export function printableJsonText(json: string): string {
  return PLAIN.test(json) ? json : json.replace(unprintable(), jsonEscaped);
}

/** The same of lines of JSON that come as bytes, in pieces that may end anywhere. */
export function printableJsonBytes(): (bytes: Uint8Array) => Uint8Array {
  const decoder = new TextDecoder();
  return (bytes) =>
    Buffer.from(
      decoder
        .decode(bytes, { stream: true })
        .split("\n")
        .map((line) => printableJsonText(line))
        .join("\n"),
    );
}

/**
 * A line of shell, whatever cannot be shown standing in single quotes, as it can be shown and pasted back into bash, zsh or ksh:
 * `'a'$'\033''b'`, as ls(1) does.
 */
export function printableInQuotes(line: string): string {
  return PLAIN.test(line) ? line : line.replace(unprintable(), (char) => `'$'${NAMED[char] ?? octal(char)}''`);
}

let found: RegExp | undefined;

/**
 * Control characters (Cc), invisible format characters (Cf: U+202E and other bidi marks, tags), line and paragraph separators,
 * and whatever is no character at all. The two joiners stay: scripts and emoji need them, and they move nothing.
 */
function unprintable(): RegExp {
  found ??= /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
  return found;
}

const NAMED: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (isEscape(code)) return `\\x${escapedByte(code).toString(16)}`;
  const hex = code.toString(16);
  return (
    NAMED[char] ??
    (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`)
  );
}

/** By its bytes: what a shell makes of `\u` depends on the locale. */
function octal(char: string): string {
  return Array.from(encodeText(char), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** JSON knows UTF-16 only. */
function jsonEscaped(char: string): string {
  let text = "";
  for (let at = 0; at < char.length; at++) text += `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return text;
}
