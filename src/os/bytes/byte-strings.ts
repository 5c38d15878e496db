/**
 * Bytes as strings, with nothing lost. Values come from files and pipes and may be any bytes; a byte that is not UTF-8
 * is kept as a lone low surrogate, U+DC80 to U+DCFF (what Python calls surrogateescape), so that a string is well formed
 * exactly if its bytes were, and every string made here turns back into the very same bytes.
 */

/** Loaded where bytes are looked at: at every start it would be felt. */
export const isUtf8 = (bytes: Buffer): boolean => process.getBuiltinModule("node:buffer").isUtf8(bytes);

const ESCAPE = 0xdc00;

/** The text of these bytes. */
export function decodeText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = validLength(bytes, at);
    text += length > 0 ? bytes.toString("utf8", at, at + length) : String.fromCharCode(byteEscape(bytes[at] ?? 0));
    at += Math.max(1, length);
  }
  return text;
}

/** The bytes of a text. */
export function encodeText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    parts.push(isEscape(code) ? Buffer.of(code - ESCAPE) : Buffer.from(char, "utf8"));
  }
  return Buffer.concat(parts);
}

/** The text as the C library takes it, with a NUL at its end. */
export const cString = (text: string): Buffer => Buffer.concat([encodeText(text), Buffer.of(0)]);

/** Whether a code point stands for a byte that is not UTF-8. */
export function isEscape(codePoint: number): boolean {
  return codePoint >= 0xdc80 && codePoint <= 0xdcff;
}

/** The byte a code point stands for, if it {@link isEscape}. */
export function escapedByte(codePoint: number): number {
  return codePoint - ESCAPE;
}

/** The code unit that stands for a byte that is not UTF-8. */
export function byteEscape(byte: number): number {
  return ESCAPE + byte;
}

/** How many bytes from here on are one valid character; 0 if they are none. */
function validLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
