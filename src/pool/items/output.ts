/**
 * Writes results to a descriptor in the order given, without ever blocking the pool: a reader that does not read only makes
 * {@link Output.full}. Whoever closes the other end early (`head`) makes {@link Output.closed}, quietly.
 */
import { writev } from "node:fs";
import { errnoCode } from "../../errors.ts";

/** How much may wait to be written before the pool stops handing out work. */
const FULL_BYTES = 4 * 1024 * 1024;
/** The most buffers one system call takes (IOV_MAX is 1024 on Linux and macOS). */
const MOST_BUFFERS = 256;
/** What has been written may be dropped: a pool that only passes bytes on would let 32 MiB of them collect. */
const GARBAGE_BYTES = 4 * 1024 * 1024;
const GARBAGE_BUFFERS = 16;
/** How long to wait for a descriptor that someone has set non-blocking, ms. */
const AGAIN_MS = 5;

/** Where a pool's results go. */
export interface ResultSink {
  /** Takes results; never blocks. */
  readonly write: (bytes: Uint8Array) => void;
  /** Wants no more for now. */
  readonly full: boolean;
  /** Wants no more at all. */
  readonly closed: boolean;
  /** Called when it is not full any more, and when it has closed. */
  onChange: () => void;
  /** Resolves when all is written. @throws what kept it from being written. */
  drained(): Promise<void>;
}

export class Output implements ResultSink {
  #queue: Uint8Array[] = [];
  #bytes = 0;
  #garbage = 0;
  #largest = 0;
  #writing = false;
  #closed = false;
  #error: Error | null = null;
  #idle: PromiseWithResolvers<void> | null = null;
  /** Called when it is not full any more, and when the other end has closed. */
  onChange: () => void = () => {};

  constructor(
    readonly fd: number,
    /** Called before anything is written, with the last piece of it. */
    readonly beforeWrite: (last: Uint8Array) => void = () => {},
    /** What is written in the place of what is given; called for each piece once, in their order. */
    readonly convert: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
  ) {}

  /** Something is being written this moment. */
  get writing(): boolean {
    return this.#writing;
  }

  get full(): boolean {
    return this.#bytes > FULL_BYTES;
  }

  /** Nobody reads any more; what is written from now on goes nowhere. */
  get closed(): boolean {
    return this.#closed;
  }

  readonly write = (given: Uint8Array): void => {
    if (this.#closed) return;
    const bytes = this.convert(given);
    this.#queue.push(bytes);
    this.#bytes += bytes.length;
    if (bytes.length > this.#largest) this.#largest = bytes.length;
    if (!this.#writing) this.#next();
  };

  /** Resolves when everything is written, or nobody reads. @throws what the system said (a full disk). */
  async drained(): Promise<void> {
    if (this.#writing) {
      this.#idle ??= Promise.withResolvers();
      await this.#idle.promise;
    }
    if (this.#error !== null) throw this.#error;
  }

  #next(): void {
    this.#writing = true;
    const buffers = this.#queue.slice(0, MOST_BUFFERS);
    this.beforeWrite(buffers.at(-1) ?? new Uint8Array());
    writev(this.fd, buffers, (error, written) => {
      const wasFull = this.full;
      if (error !== null && errnoCode(error) === "EAGAIN") setTimeout(() => this.#next(), AGAIN_MS);
      else if (error !== null) this.#fail(error);
      else {
        this.#drop(written);
        if (this.#queue.length > 0) this.#next();
        else this.#rest();
        if (wasFull && !this.full) this.onChange();
      }
    });
  }

  #drop(written: number): void {
    this.#bytes -= written;
    this.#garbage += written;
    if (this.#garbage > Math.max(GARBAGE_BYTES, GARBAGE_BUFFERS * this.#largest)) {
      this.#garbage = 0;
      Bun.gc(true);
    }
    let whole = 0;
    for (let left = written; left > 0; ) {
      const first = this.#queue[whole];
      if (first === undefined) break;
      if (first.length > left) {
        this.#queue[whole] = first.subarray(left);
        break;
      }
      left -= first.length;
      whole++;
    }
    this.#queue.splice(0, whole);
  }

  #fail(error: Error): void {
    if (errnoCode(error) !== "EPIPE") this.#error = error;
    this.#closed = true;
    this.#queue = [];
    this.#bytes = 0;
    this.#rest();
    this.onChange();
  }

  #rest(): void {
    this.#writing = false;
    this.#idle?.resolve();
    this.#idle = null;
  }
}
