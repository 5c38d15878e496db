/**
 * A command in any bytes, written as arguments in plain text: what one process tells the next that it is to become (exec.ts).
 *
 *     DESCRIPTORS COUNT PATH WORD… NAME=VALUE…      each with escapes for what is not UTF-8; a long one in several arguments
 */
import { byteEscape, escapedByte, isEscape } from "../bytes/byte-strings.ts";

/** What a process is to become. */
export interface Exec {
  /** The file to execute. */
  readonly path: string;
  readonly argv: readonly string[];
  /** Variables, `NAME=VALUE`, beside those it has already. */
  readonly variables: readonly string[];
  /** Descriptors above 2 that stay open. */
  readonly descriptors: readonly number[];
}

/** UTF-16 units of one argument: at most three bytes each, and Linux takes 128 KiB (execve(2), MAX_ARG_STRLEN). */
const PIECE = 40_000;
const LAST = "=";
const CONTINUED = "+";

/** The arguments. @throws an error with the `code` ERR_INVALID_ARG_VALUE, as Bun.spawn does, if one holds a NUL. */
export function execWords({ path, argv, variables, descriptors }: Exec): string[] {
  const counted = [descriptors.join(","), String(argv.length), path, ...argv, ...variables];
  return counted.flatMap(encodeWord);
}

/** What the arguments say; undefined if they are none of {@link execWords}. */
export function readExecWords(words: readonly string[]): Exec | undefined {
  const texts: string[] = [];
  let text = "";
  for (const word of words) {
    text += word.slice(1);
    if (word[0] === LAST) {
      texts.push(decodeWord(text));
      text = "";
    } else if (word[0] !== CONTINUED) return undefined;
  }
  const [descriptors, count = "", path, ...rest] = texts;
  if (descriptors === undefined || path === undefined || !/^\d+$/.test(count)) return undefined;
  return {
    path,
    argv: rest.slice(0, Number(count)),
    variables: rest.slice(Number(count)),
    descriptors: descriptors === "" ? [] : descriptors.split(",").map(Number),
  };
}

function encodeWord(text: string): string[] {
  if (text.includes("\0")) throw Object.assign(new Error("NUL in an argument"), { code: "ERR_INVALID_ARG_VALUE" });
  const encoded = text.replace(/[%\uDC80-\uDCFF]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `%${(isEscape(code) ? escapedByte(code) : code).toString(16)}`;
  });
  const words: string[] = [];
  for (let at = 0; ; ) {
    // A pair of surrogates is one character.
    const end = at + PIECE - (/[\uD800-\uDBFF]/.test(encoded[at + PIECE - 1] ?? "") ? 1 : 0);
    const last = end >= encoded.length;
    words.push(`${last ? LAST : CONTINUED}${encoded.slice(at, end)}`);
    if (last) return words;
    at = end;
  }
}

function decodeWord(encoded: string): string {
  return encoded.replace(/%([0-9a-f]{2})/g, (_, hex: string) => {
    const byte = Number.parseInt(hex, 16);
    return String.fromCharCode(byte < 0x80 ? byte : byteEscape(byte));
  });
}
