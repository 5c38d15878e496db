/**
 * `--line-buffer`: a stream passed on line by line as it comes. Lines of different jobs never mix: what has no newline
 * yet waits, in memory while it is short and then in a file.
 */

import { writeSync } from "node:fs";
import type { ReadableStreamDefaultReader } from "node:stream/web";
import { errnoCode } from "../../errors.ts";
import { openTempFile } from "../../os/files/tempfile.ts";
import { nowMs } from "../../recording/clock.ts";
import { ownFile } from "./files.ts";
import { type Outlet, READER_MS } from "./outlet.ts";
import type { LineTagger } from "./tagger.ts";

const NEWLINE = 10;
/** Bytes of an unfinished line kept in memory. */
const PARTIAL_LIMIT = 1 << 20;
const TAIL_BYTES = 2048;
/** Pieces waiting for lanes' own reader before the job has to wait too. */
const BACKLOG = 16;
/**
 * After its job has ended a stream that something else still holds open is left once nothing came for this many turns of
 * the event loop, each at least so many ms after the last: what the job wrote is in the pipe, and has been read by then.
 */
const SILENT_TURNS = 3;
const TURN_MS = 2;
/** How long a turn is while whoever reads lanes' output is behind, ms. */
const STALLED_MS = 10;
/**
 * Nor is one waited for whose other holder never pauses: after this many turns with a willing reader, or this many bytes
 * (more than a pipe and what reads it can hold), what comes is no longer the job's.
 */
const TURNS = 50;
const REST_BYTES = 4 << 20;
/**
 * A job that writes little pieces without a pause is read again after this long, ms, when there is more: one line alone
 * goes out at once, and a stream costs a tenth.
 */
const GATHER_MS = 1;
/** Bytes from which on a piece is no little one: programs write 4 KiB at once if they do not write line by line. */
const LITTLE = 2 << 10;

export class LinePump {
  /** Bytes so far. */
  bytes = 0;
  /** The last bytes, if they are wanted. */
  tail: Buffer = Buffer.alloc(0);
  /** What kept it from being passed on whole. */
  problem: Error | null = null;
  /** The run was being stopped, and whoever reads lanes' output stood still. */
  left = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #done: Promise<void>;
  readonly #leave = Promise.withResolvers<void>();
  readonly #tagger: LineTagger | null;
  #partial: Uint8Array[] = [];
  #partialBytes = 0;
  /** The unfinished line's beginning, once it is long. */
  #spill: { fd: number; size: number } | null = null;

  constructor(
    stream: ReadableStream<Uint8Array>,
    private readonly outlet: Outlet,
    tag: Uint8Array | null,
    private readonly wantsTail: boolean,
    private readonly hurry: AbortSignal,
  ) {
    this.#tagger = tag === null ? null : outlet.tagger(tag);
    this.#reader = stream.getReader();
    this.#done = this.#pump();
  }

  /**
   * The job has ended: resolves when everything it wrote is on its way. When the run is being stopped that is waited for no
   * longer than {@link READER_MS}: nobody may be reading.
   */
  async finish(): Promise<void> {
    let ended = false;
    let first = true;
    let hurriedMs = Number.POSITIVE_INFINITY;
    const start = this.bytes;
    void this.#done.then(() => {
      ended = true;
    });
    for (let silent = 0, turns = 0; silent < SILENT_TURNS && turns < TURNS && !ended; silent += 1) {
      const before = this.bytes;
      // Only the first turn ends with the stream: each race leaves something with a promise that may last for hours.
      if (first) await Promise.race([this.#done, Bun.sleep(TURN_MS)]);
      else await Bun.sleep(this.outlet.backlog > 0 ? STALLED_MS : TURN_MS);
      first = false;
      if (this.bytes !== before || this.outlet.backlog > 0) silent = -1;
      if (this.outlet.backlog === 0) turns += 1;
      if (this.hurry.aborted) hurriedMs = Math.min(hurriedMs, nowMs());
      this.left = !ended && nowMs() - hurriedMs > READER_MS;
      if (this.left || this.bytes - start > REST_BYTES) break;
    }
    this.#leave.resolve();
    if (!ended) await this.#reader.cancel();
    await this.#done;
  }

  /** Never rejects: a job whose output cannot be passed on is told so by its pipe. */
  async #pump(): Promise<void> {
    try {
      await this.#read();
      this.#passPartial();
    } catch (error) {
      this.problem = error as Error;
      this.#passPartial();
      await this.#reader.cancel().catch(() => {});
    }
  }

  async #read(): Promise<void> {
    for (let lastMs = Number.NEGATIVE_INFINITY; ; ) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.#take(value);
      const pauseMs = nowMs() - lastMs;
      if (this.outlet.backlog > BACKLOG) await Promise.race([this.outlet.drained(), this.#leave.promise]);
      else if (value.length < LITTLE && pauseMs < 2 * GATHER_MS) await Bun.sleep(GATHER_MS);
      lastMs = nowMs();
    }
  }

  #take(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.wantsTail) this.tail = Buffer.concat([this.tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    const tagged = this.#tagger === null ? chunk : this.#tagger.tag(chunk);
    const end = tagged.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      this.#passPartial();
      this.outlet.write(tagged.subarray(0, end));
    }
    if (end < tagged.length) this.#keep(tagged.subarray(end));
  }

  #keep(bytes: Uint8Array): void {
    this.#partial.push(bytes);
    this.#partialBytes += bytes.length;
    if (this.#partialBytes <= PARTIAL_LIMIT) return;
    this.#spill ??= openSpill();
    if (this.#spill === null) return;
    for (const part of this.#partial.splice(0)) {
      for (let at = 0; at < part.length; ) at += writeSync(this.#spill.fd, part, at);
      this.#spill.size += part.length;
    }
    this.#partialBytes = 0;
  }

  #passPartial(): void {
    if (this.#spill !== null) {
      this.outlet.writeStored({ file: ownFile(this.#spill.fd), start: 0, end: this.#spill.size }, null);
      this.#spill = null;
    }
    if (this.#partial.length > 0) this.outlet.write(Buffer.concat(this.#partial.splice(0)));
    this.#partialBytes = 0;
  }
}

/** A file for a long line's beginning; null if it has to stay in memory until somebody gives a descriptor back. */
function openSpill(): { fd: number; size: number } | null {
  try {
    return { fd: openTempFile("append"), size: 0 };
  } catch (error) {
    if (!["EMFILE", "ENFILE"].includes(errnoCode(error) ?? "")) throw error;
    return null;
  }
}
