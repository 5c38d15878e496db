/**
 * Messages in a stream of bytes, where one write may be read in pieces and several in one: each is a 4-byte little-endian
 * length and that many bytes. A length that no message has marks the end.
 */
import { writeSync } from "node:fs";
import { MAX_MESSAGE } from "./channel.ts";

/** Bytes before each message. */
export const HEADER = 4;
const END = 0xffff_ffff;
/** Up to this size a message is copied behind its header: one system call costs more than the copy. */
const SMALL = 64 * 1024;

/** Cuts a stream into messages. Every message is copied once, into memory of its own. */
export class MessageCutter {
  readonly #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  #body: Uint8Array | null = null;
  #bodyLength = 0;
  #messages: Uint8Array[] = [];
  #taken = 0;
  #ended = false;

  /** The end mark has been read: nothing comes after it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The stream is in the middle of a message. */
  get partial(): boolean {
    return this.#headerLength > 0 || this.#body !== null;
  }

  /** Takes the next bytes of the stream. They may be overwritten afterwards. @throws RangeError if it holds no messages. */
  push(chunk: Uint8Array): void {
    for (let at = 0; !this.#ended; ) {
      if (this.#body === null) {
        while (this.#headerLength < HEADER && at < chunk.length) this.#header[this.#headerLength++] = chunk[at++] ?? 0;
        if (this.#headerLength < HEADER) return;
        this.#headerLength = 0;
        const length = this.#length();
        if (length <= chunk.length - at) {
          this.#messages.push(copyOf(chunk, at, at + length));
          at += length;
        } else if (!this.#ended) {
          this.#body = new Uint8Array(length);
          this.#bodyLength = 0;
        }
        continue;
      }
      const length = Math.min(this.#body.length - this.#bodyLength, chunk.length - at);
      this.#body.set(chunk.subarray(at, at + length), this.#bodyLength);
      this.#bodyLength += length;
      at += length;
      if (this.#bodyLength < this.#body.length) return;
      this.#messages.push(this.#body);
      this.#body = null;
    }
  }

  /** The next whole message, or undefined if there is none yet. */
  next(): Uint8Array | undefined {
    const message = this.#messages[this.#taken];
    this.#taken += 1;
    if (message !== undefined) return message;
    this.#messages = [];
    this.#taken = 0;
    return undefined;
  }

  /** What the header says; notes the end. */
  #length(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#header;
    const length = (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
    if (length === END) this.#ended = true;
    else if (length > MAX_MESSAGE) throw new RangeError(`not a message: ${length} bytes`);
    return length;
  }
}

/** A Buffer's own slice() would be a view. */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes, start, end);
}

/** The header of a message. @throws RangeError if it is longer than {@link MAX_MESSAGE}. */
export function header(message: Uint8Array): Buffer {
  if (message.length > MAX_MESSAGE) throw new RangeError(`a message has at most ${MAX_MESSAGE} bytes`);
  return lengthBytes(message.length);
}

/** The end mark. */
export function endMark(): Buffer {
  return lengthBytes(END);
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER);
  bytes.writeUInt32LE(length);
  return bytes;
}

/** Writes a message to a descriptor that blocks while it is full. @throws EPIPE, ENOSPC … */
export function writeMessage(fd: number, message: Uint8Array): void {
  const head = header(message);
  if (message.length <= SMALL) writeFully(fd, Buffer.concat([head, message], HEADER + message.length));
  else {
    writeFully(fd, head);
    writeFully(fd, message);
  }
}

/** Writes all the bytes. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
