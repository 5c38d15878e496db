/**
 * The wire between the pool and a worker: frames of a fixed header and a body, over two socket pairs.
 *
 *     pool                                        worker
 *       Start {what it is to do}                    ──►
 *       Chunk {slot, first, count, attempt; lines}  ──►
 *                                                   ◄──  Loaded: the module is, and --init runs (if there is one)
 *                                                   ◄──  Ready {pid, ppid, build}  |  Broken {error}: the module did not load
 *                                                   ◄──  Results {slot, from, count; lines}   output bytes as they are to be printed
 *                                                   ◄──  Failed {slot, from; error}           one item
 *                                                   ◄──  Done {slot, count; stats}            every item up to `count` is answered
 *                                                   ◄──  Quit {error}: user code ends this worker
 *       end of stream: no more work               ──►
 *
 * The worker writes with blocking writes: what it has written is the pool's even if it is killed the next instant, and a
 * frame that was cut short is ignored. Items travel as the lines that were read and results as the lines that will be
 * printed, so the pool itself never looks into either.
 */
import { POOL_SENTINEL } from "../process/sentinels.ts";

/** The first of the worker's descriptors that are lanes' own: three on end, the last one for the control page. */
export const FIRST_FD = 3;
const [, , role, first] = process.argv;
/** The worker's ends: it is told where they begin if not at {@link FIRST_FD}. */
export const IN_FD = role === POOL_SENTINEL && first !== undefined ? Number(first) : FIRST_FD;
export const OUT_FD = IN_FD + 1;

/** What a frame is. */
export const Kind = {
  start: 1,
  chunk: 2,
  ready: 3,
  broken: 4,
  results: 5,
  failed: 6,
  done: 7,
  quit: 8,
  loaded: 9,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A header: the length of the body (u32), then the fields of {@link Header}, little-endian. */
export const HEADER_BYTES = 24;

export interface Header {
  readonly kind: number;
  readonly slot: number;
  readonly attempt: number;
  /** Number of the first item this is about: in the chunk (from the worker), 0 in a chunk. */
  readonly from: number;
  readonly count: number;
  /** Number of the chunk's first item in the whole input. */
  readonly first: number;
}

/** A new frame with room for a body, which is `frame.subarray(HEADER_BYTES)`. */
export function frameFor(bodyBytes: number): Buffer {
  return Buffer.allocUnsafe(HEADER_BYTES + bodyBytes);
}

/** A frame that has this body, and room for the header. */
export function frameWith(body: Uint8Array): Buffer {
  const frame = frameFor(body.length);
  frame.set(body, HEADER_BYTES);
  return frame;
}

/** Fills in a frame's header. @param kind one of {@link Kind}, or of another table where others speak by such frames. */
export function writeHeader(frame: Buffer, kind: number, header: Partial<Header> = {}): Buffer {
  const { slot = 0, attempt = 0, from = 0, count = 0, first = 0 } = header;
  frame.writeUInt32LE(frame.length - HEADER_BYTES, 0);
  frame[4] = kind;
  frame[5] = slot;
  frame.writeUInt16LE(Math.min(attempt, 0xffff), 6);
  frame.writeUInt32LE(from, 8);
  frame.writeUInt32LE(count, 12);
  frame.writeDoubleLE(first, 16);
  return frame;
}

/** A frame whose body is text. */
export function textFrame(kind: Kind, header: Partial<Header>, text: string): Buffer {
  // Most text is ASCII, where a character is a byte; asking first saves walking the string twice.
  const bytes = Buffer.byteLength(text);
  const frame = frameFor(bytes);
  if (bytes === text.length) frame.write(text, HEADER_BYTES, "latin1");
  else frame.write(text, HEADER_BYTES, "utf8");
  return writeHeader(frame, kind, header);
}

/** Cuts a stream into frames. A body is copied once, into a buffer of its own. */
export class FrameParser {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #body: Buffer | null = null;
  #bodyBytes = 0;

  constructor(readonly take: (header: Header, body: Buffer) => void) {}

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#body === null) {
        const part = chunk.subarray(at, at + HEADER_BYTES - this.#headerBytes);
        this.#header.set(part, this.#headerBytes);
        this.#headerBytes += part.length;
        at += part.length;
        if (this.#headerBytes < HEADER_BYTES) return;
        this.#body = Buffer.allocUnsafe(this.#header.readUInt32LE(0));
        this.#bodyBytes = 0;
      }
      const part = chunk.subarray(at, at + this.#body.length - this.#bodyBytes);
      this.#body.set(part, this.#bodyBytes);
      this.#bodyBytes += part.length;
      at += part.length;
      if (this.#bodyBytes === this.#body.length) this.#finish(this.#body);
    }
  }

  #finish(body: Buffer): void {
    const header = this.#header;
    this.#body = null;
    this.#headerBytes = 0;
    this.take(
      {
        kind: header[4] ?? 0,
        slot: header[5] ?? 0,
        attempt: header.readUInt16LE(6),
        from: header.readUInt32LE(8),
        count: header.readUInt32LE(12),
        first: header.readDoubleLE(16),
      },
      body,
    );
  }
}
