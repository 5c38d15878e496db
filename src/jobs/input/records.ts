/**
 * A descriptor read as records: lines, or what stands between NULs. Reads a chunk only when asked for more, so an endless
 * input costs no more memory than one chunk and the record it ends in; a record longer than {@link RECORD_LIMIT} keeps its
 * beginning and a NUL that no argument can hold, which makes it a job that fails instead of memory that runs out.
 */
import { closeSync, fstatSync, openSync, read, readSync } from "node:fs";
import { usageError } from "../../errors.ts";
import { decodeText } from "../../os/bytes/byte-strings.ts";
import { systemPath } from "../../os/bytes/paths.ts";

/** Bytes. No system takes an argument this long (Linux: 128 KiB, execve(2); macOS: 1 MiB for all). */
export const RECORD_LIMIT = 8 << 20;
const CHUNK = 64 << 10;
/** A non-blocking input with nothing in it is asked again after this long, ms. */
const RETRY_MS = 5;

export class RecordReader {
  #fd: number | null;
  readonly #close: boolean;
  /** Regular files never block: they are read without a thread's help. */
  readonly #plain: boolean;
  readonly #delimiter: number;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #overlong = false;

  /**
   * @param path the file, or `-` for this process's stdin.
   * @throws LanesError (usage) if it cannot be opened.
   */
  constructor(path: string, delimiter: "\n" | "\0") {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#close = path !== "-";
    try {
      this.#fd = path === "-" ? 0 : openSync(systemPath(path), "r");
      const stat = fstatSync(this.#fd);
      this.#plain = stat.isFile();
      if (stat.isDirectory()) throw new Error("EISDIR: illegal operation on a directory");
    } catch (error) {
      throw usageError("run.error.source", { path, reason: (error as Error).message }, error);
    }
  }

  /** The next records, at least one; null at the end. */
  async next(): Promise<string[] | null> {
    while (this.#fd !== null) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = this.#plain ? readSync(this.#fd, chunk, 0, CHUNK, null) : await readSome(this.#fd, chunk);
      const records = length === 0 ? this.#end() : this.#take(chunk.subarray(0, length));
      if (records.length > 0) return records;
    }
    return null;
  }

  /** Reads no more. */
  close(): void {
    if (this.#close && this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #take(chunk: Buffer): string[] {
    const last = chunk.lastIndexOf(this.#delimiter);
    if (last < 0) {
      this.#keep(chunk);
      return [];
    }
    const first = chunk.indexOf(this.#delimiter);
    const records = [this.#finish(chunk.subarray(0, first))];
    // One decode for all the whole records of a chunk: the delimiter is ASCII, so it cuts no character in two.
    if (last > first) {
      const whole = decodeText(chunk.subarray(first + 1, last));
      records.push(...whole.split(String.fromCharCode(this.#delimiter)));
    }
    this.#keep(chunk.subarray(last + 1));
    return records;
  }

  #keep(bytes: Buffer): void {
    if (this.#partialBytes + bytes.length > RECORD_LIMIT) this.#overlong = true;
    else if (bytes.length > 0) {
      this.#partial.push(bytes);
      this.#partialBytes += bytes.length;
    }
  }

  #finish(rest: Buffer): string {
    this.#keep(rest);
    const text = decodeText(this.#partial.length === 1 ? (this.#partial[0] ?? rest) : Buffer.concat(this.#partial));
    const record = this.#overlong ? `${text}\0` : text;
    this.#partial = [];
    this.#partialBytes = 0;
    this.#overlong = false;
    return record;
  }

  #end(): string[] {
    this.close();
    return this.#partialBytes > 0 ? [this.#finish(Buffer.alloc(0))] : [];
  }
}

/** Reads what there is, waiting in another thread until there is some. @returns bytes; 0 at the end. */
async function readSome(fd: number, buffer: Buffer): Promise<number> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<number | NodeJS.ErrnoException>();
    read(fd, buffer, 0, buffer.length, null, (error, length) => resolve(error ?? length));
    const result = await promise;
    if (typeof result === "number") return result;
    if (result.code === "EAGAIN") await Bun.sleep(RETRY_MS);
    else if (result.code !== "EINTR") throw result;
  }
}
