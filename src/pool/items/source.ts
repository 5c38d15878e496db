/**
 * Where items come from. A source is asked for the next few items and gives what it has at hand; it reads on only when it
 * has nothing left, so no more than a block of input is ever held here, whatever its length.
 */
import { fstatSync } from "node:fs";
import { errnoCode, LanesError, usageError } from "../../errors.ts";
import { encodeText } from "../../os/bytes/byte-strings.ts";
import { HEADER_BYTES } from "../wire.ts";
import { Chunk } from "./chunk.ts";

/** The longest line: what a JavaScript string can hold is not far above. */
export const LINE_LIMIT_BYTES = 512 * 1024 * 1024;

const NEWLINE = 10;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The part of a stream's reader that is needed. */
interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

export interface ItemSource {
  /** The next items, at most `maxItems` and (but for one) `maxBytes`; null if there are none at hand. */
  take(maxItems: number, maxBytes: number): Chunk | null;
  /** Resolves when there may be more at hand, or the end was reached. @throws LanesError what kept it from reading on. */
  fill(): Promise<void>;
  /** Nothing at hand: {@link ItemSource.fill} first. */
  readonly empty: boolean;
  /** Nothing at hand, and nothing will come. */
  readonly ended: boolean;
  /** How many items were taken. */
  readonly taken: number;
  /** How much of the whole was taken, 0 to 1; null while nobody knows. */
  readonly fraction: number | null;
  /** What an item is called in a message: a line of the input, or an argument. */
  readonly unit: "line" | "item";
  /** An item as the person gave it, from the text it travels as (of which the end may be missing). */
  nameOf(text: string): string;
  /** No more is wanted. */
  close(): void;
}

/** The arguments as items. They travel as JSON, because an argument may contain a line's end. */
export class ArgumentSource implements ItemSource {
  readonly unit = "item";
  taken = 0;
  #closed = false;

  constructor(
    readonly items: readonly string[],
    /** The arguments are JSON themselves. */
    readonly json: boolean,
  ) {}

  get ended(): boolean {
    return this.taken >= this.items.length || this.#closed;
  }

  nameOf(text: string): string {
    if (this.json) return text;
    try {
      return String(JSON.parse(text));
    } catch {
      return text;
    }
  }

  get empty(): boolean {
    return this.ended;
  }

  get fraction(): number {
    return this.items.length === 0 ? 1 : this.taken / this.items.length;
  }

  take(maxItems: number): Chunk | null {
    if (this.ended) return null;
    const items = this.items.slice(this.taken, this.taken + maxItems);
    // What is not UTF-8 can be no item: it goes as it is, and fails there as such a line of a stream does.
    const lines = items.map((item) => (this.json || !item.isWellFormed() ? oneLine(item) : JSON.stringify(item)));
    const chunk = Chunk.of(this.taken, items.length, encodeText(lines.join("\n")));
    this.taken += items.length;
    return chunk;
  }

  async fill(): Promise<void> {}

  close(): void {
    this.#closed = true;
  }
}

/** In JSON a line's end can only stand between tokens, where a blank does as well. */
const oneLine = (item: string) => item.replace(/[\r\n]+/g, " ");

/** The lines of a stream, cut where they are wanted. */
export class LineSource implements ItemSource {
  readonly unit = "line";
  taken = 0;
  readonly #reader: ByteReader;
  readonly #size: number | null;
  /** Whole lines: from #at to the end. What was put together from parts has room for a frame's header before it. */
  #lines: Buffer = Buffer.alloc(0);
  #at = 0;
  #hasHeader = false;
  /** The beginning of a line whose end has not come. */
  #open: Uint8Array[] = [];
  #openBytes = 0;
  #readBytes = 0;
  #ended = false;

  /** @param size how many bytes will come, if that is known. */
  constructor(stream: ReadableStream<Uint8Array>, size: number | null = null) {
    this.#reader = stream.getReader();
    this.#size = size;
  }

  /** @throws LanesError (usage) if there is nothing there that could be read. */
  static stdin(): LineSource {
    try {
      const stat = fstatSync(0);
      return new LineSource(Bun.stdin.stream(), stat.isFile() && stat.size > 0 ? stat.size : null);
    } catch (error) {
      throw usageError("map.input.read", { reason: errnoCode(error) ?? String(error) }, error);
    }
  }

  get empty(): boolean {
    return this.#at >= this.#lines.length;
  }

  get ended(): boolean {
    return this.#ended && this.empty;
  }

  get fraction(): number | null {
    if (this.ended) return 1;
    if (this.#size === null) return null;
    return Math.min(1, (this.#readBytes - this.#openBytes - (this.#lines.length - this.#at)) / this.#size);
  }

  take(maxItems: number, maxBytes: number): Chunk | null {
    const start = this.#at;
    if (start >= this.#lines.length) return null;
    let count = 0;
    let end = start;
    while (count < maxItems && end < this.#lines.length) {
      const next = this.#lines.indexOf(NEWLINE, end) + 1;
      if (count > 0 && next - start > maxBytes) break;
      end = next;
      count++;
    }
    // All of what was put together: it need not be copied once more, which counts when a line has megabytes.
    const whole = this.#hasHeader && start === HEADER_BYTES && end === this.#lines.length;
    const chunk = whole
      ? new Chunk(this.taken, count, this.#lines.subarray(0, end - 1))
      : Chunk.of(this.taken, count, this.#lines.subarray(start, end - 1));
    this.taken += count;
    this.#at = end;
    return chunk;
  }

  nameOf(text: string): string {
    return text;
  }

  async fill(): Promise<void> {
    if (this.#ended || !this.empty) return;
    const { done, value } = await this.#read();
    if (done || value === undefined) return this.#finish();
    const first = this.#readBytes === 0 && BOM.equals(value.subarray(0, BOM.length));
    this.#readBytes += value.length;
    this.#add(first ? value.subarray(BOM.length) : value);
  }

  close(): void {
    this.#ended = true;
    this.#lines = Buffer.alloc(0);
    this.#at = 0;
    void this.#reader.cancel().catch(() => {}); // it is of no interest any more, not even why it failed
  }

  async #read() {
    try {
      return await this.#reader.read();
    } catch (error) {
      const reason = errnoCode(error) ?? String(error);
      throw new LanesError("map.input.read", { reason }, { cause: error });
    }
  }

  #add(block: Uint8Array): void {
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
    const last = bytes.lastIndexOf(NEWLINE);
    const open = bytes.subarray(last + 1);
    if (last >= 0) {
      const lines = bytes.subarray(0, last + 1);
      if (this.#openBytes > 0) this.#complete(lines);
      else {
        this.#lines = lines;
        this.#at = 0;
        this.#hasHeader = false;
      }
    }
    if (open.length > 0) this.#open.push(open);
    this.#openBytes += open.length;
    if (this.#openBytes > LINE_LIMIT_BYTES) {
      throw new LanesError("map.line.long", { line: this.taken + 1, limit: LINE_LIMIT_BYTES / 1024 / 1024 });
    }
  }

  /** The last line may have no end of its own. */
  #finish(): void {
    this.#ended = true;
    if (this.#openBytes === 0) return;
    this.#complete(Buffer.from("\n"));
  }

  /** The open line's end has come, and perhaps more lines. */
  #complete(rest: Uint8Array): void {
    this.#lines = Buffer.concat([Buffer.alloc(HEADER_BYTES), ...this.#open, rest]);
    this.#at = HEADER_BYTES;
    this.#hasHeader = true;
    this.#open = [];
    this.#openBytes = 0;
  }
}
