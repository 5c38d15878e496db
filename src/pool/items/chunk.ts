/**
 * Items on their way to a worker: consecutive lines of the input, without the last line's end, kept until every one of them
 * has been answered for, so that they can be sent again.
 */
import { frameWith, HEADER_BYTES, Kind, writeHeader } from "../wire.ts";

const NEWLINE = 10;

/** What has befallen an item so far: how often it was run, and how often its worker died of it. */
export interface Tries {
  readonly attempts: number;
  readonly crashes: number;
}

export const untried: Tries = { attempts: 0, crashes: 0 };

export class Chunk {
  /** How many of the items have been answered for; the worker answers in order. */
  answered = 0;
  #count: number;
  /** As many lines as the frame holds, whatever was taken back. */
  readonly #lines: number;
  /** A place where a line is known to begin: repeated look-ups go on from there. */
  #known = { item: 0, at: HEADER_BYTES };

  constructor(
    /** Number of the first item in the input, from 0. */
    readonly first: number,
    count: number,
    /** Room for the header, then the lines. */
    readonly frame: Buffer,
    /** Of a single item that is tried again. */
    readonly tries: Tries = untried,
  ) {
    this.#count = count;
    this.#lines = count;
  }

  static of(first: number, count: number, lines: Uint8Array, tries: Tries = untried): Chunk {
    return new Chunk(first, count, frameWith(lines), tries);
  }

  get count(): number {
    return this.#count;
  }

  /** The items' lines. */
  get lines(): Buffer {
    return this.frame.subarray(HEADER_BYTES);
  }

  get bytes(): number {
    return this.frame.length;
  }

  /** The frame to send, for a worker's slot. */
  frameTo(slot: number): Buffer {
    const { first, count } = this;
    return writeHeader(this.frame, Kind.chunk, { slot, first, count, attempt: this.tries.attempts });
  }

  /** A chunk of its own of items `from` … `to`-1 (in this chunk's numbers), or null if there are none. */
  slice(from: number, to: number, tries: Tries = untried): Chunk | null {
    if (from >= to) return null;
    const start = this.#offset(from);
    const end = to >= this.#lines ? this.frame.length : this.#offset(to) - 1;
    return Chunk.of(this.first + from, to - from, this.frame.subarray(start, end), tries);
  }

  /** Items from `count` on are no longer of this chunk: they were taken back. */
  shorten(count: number): void {
    this.#count = count;
  }

  /** One item's line, as text, for telling a person which it was. */
  text(item: number): string {
    const start = this.#offset(item);
    const end = this.frame.indexOf(NEWLINE, start);
    return this.frame.toString("utf8", start, Math.min(end < 0 ? this.frame.length : end, start + 1024));
  }

  /** One item as JSON: `json`: its line is that already (unless it is none); else its line is the item. */
  itemJson(item: number, json: boolean): string {
    const start = this.#offset(item);
    const end = this.frame.indexOf(NEWLINE, start);
    const line = this.frame.toString("utf8", start, end < 0 ? this.frame.length : end);
    if (!json) return JSON.stringify(line.endsWith("\r") ? line.slice(0, -1) : line);
    try {
      JSON.parse(line);
      return line.trim();
    } catch {
      return JSON.stringify(line);
    }
  }

  #offset(item: number): number {
    if (item < this.#known.item) this.#known = { item: 0, at: HEADER_BYTES };
    let { item: line, at } = this.#known;
    for (; line < item; line++) at = this.frame.indexOf(NEWLINE, at) + 1;
    this.#known = { item, at };
    return at;
  }
}
