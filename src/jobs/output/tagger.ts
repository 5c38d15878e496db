/** `--tag`: a prefix before every line of a stream, however its chunks are cut; no byte of the lines is changed. */
import { decodeText, encodeText } from "../../os/bytes/byte-strings.ts";
import { printable } from "../../os/bytes/printable.ts";
import type { JobValues } from "../input/values.ts";

const NEWLINE = 10;

export class LineTagger {
  #atLineStart = true;

  constructor(private readonly prefix: Uint8Array) {}

  /** The chunk with the prefix before each line that begins in it. */
  tag(chunk: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline < 0 ? chunk.length : newline + 1;
      if (this.#atLineStart) parts.push(this.prefix);
      parts.push(chunk.subarray(at, end));
      this.#atLineStart = newline >= 0;
      at = end;
    }
    return Buffer.concat(parts);
  }
}

/** The prefix of a job: its values and a tab. */
export function tagOf(values: JobValues): Uint8Array {
  return encodeText(`${values.join(" ")}\t`);
}

/** The prefix as a terminal may show it. */
export function shownTag(tag: Uint8Array): Uint8Array {
  return encodeText(`${printable(decodeText(Buffer.from(tag)).slice(0, -1))}\t`);
}
