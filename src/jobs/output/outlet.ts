/**
 * lanes' own stdout or stderr, as a queue that never blocks: what a job wrote goes out whole and in order, however slow the
 * reader is, while signals, timeouts and other jobs are still attended to. A pipe is written to without blocking (through
 * an open file of our own, so that nobody else's writes change); only when it is full does another thread wait for it.
 */
import { fstatSync, readSync, write, writeSync } from "node:fs";
import { errnoCode } from "../../errors.ts";
import { openNonBlocking } from "../../os/files/non-blocking.ts";
import { LineTagger, shownTag } from "./tagger.ts";

const CHUNK = 256 << 10;
/** After a signal, how long whoever reads the output may stand still before it is left at that, ms. */
export const READER_MS = 500;

/** An open file somebody is lent. */
export interface Kept {
  readonly fd: number;
  /** It has been passed on, or is not wanted. */
  release(): void;
}

/** A part of a file, to be passed on. */
export interface Stored {
  readonly file: Kept;
  readonly start: number;
  readonly end: number;
}

interface QueuedOutput {
  readonly stored: Stored | null;
  /** What is still to be read of the file. */
  at: number;
  /** What was read and is still to be written. */
  bytes: Uint8Array;
  readonly tagger: LineTagger | null;
  /** Who wants to know when this is out, or lost. */
  readonly askers: ((out: boolean) => void)[];
}

export class Outlet {
  readonly #fd: number;
  /** The same pipe, non-blocking; or the descriptor itself where writing never blocks for long. */
  readonly #direct: number | null;
  readonly #queue: QueuedOutput[] = [];
  /** Made when the first file is passed on. */
  #buffer: Buffer | null = null;
  #waiting = false;
  #broken: Error | null = null;

  /** Called before anything is written, with it: a view on the same terminal makes room. */
  beforeWrite: (bytes: Uint8Array) => void = () => {};

  /** @param onBroken called once if it cannot be written to any more: EPIPE (the reader is gone), ENOSPC, … */
  constructor(
    fd: number,
    private readonly onBroken: (error: Error) => void,
  ) {
    this.#fd = fd;
    this.#direct = openDirect(fd);
  }

  /** Whether what is written may appear on a terminal. */
  get onTerminal(): boolean {
    return fstatSync(this.#fd).isCharacterDevice();
  }

  /** How many pieces wait for the reader. */
  get backlog(): number {
    return this.#queue.length;
  }

  /** Passes on these bytes. They must not change until they are out. */
  write(bytes: Uint8Array): void {
    this.#push({ stored: null, at: 0, bytes, tagger: null, askers: [] });
  }

  /** What puts a tag before each line of something that is to be written here. */
  tagger(tag: Uint8Array): LineTagger {
    return new LineTagger(this.onTerminal ? shownTag(tag) : tag);
  }

  /** Passes on a part of a file, with `tag` before each line. */
  writeStored(stored: Stored, tag: Uint8Array | null): void {
    const tagger = tag === null ? null : this.tagger(tag);
    this.#push({ stored, at: stored.start, bytes: Buffer.alloc(0), tagger, askers: [] });
  }

  /** Tells when everything up to here is out (at once, if it is), or that it never will be. */
  whenOut(tell: (out: boolean) => void): void {
    const last = this.#queue.at(-1);
    if (last === undefined) tell(this.#broken === null);
    else last.askers.push(tell);
  }

  /** Resolves when everything up to here is out, or cannot be written any more. */
  drained(): Promise<void> {
    return new Promise((resolve) => this.whenOut(() => resolve()));
  }

  #push(item: QueuedOutput): void {
    if (this.#broken !== null) settle(item, false);
    else if (this.#queue.push(item) === 1) this.#flush();
  }

  #flush(): void {
    while (!this.#waiting) {
      const item = this.#queue[0];
      if (item === undefined) break;
      try {
        if (item.bytes.length === 0 && !this.#refill(item)) {
          this.#queue.shift();
          settle(item, true);
        } else this.#send(item);
      } catch (error) {
        this.#fail(error as Error);
      }
    }
  }

  #send(item: QueuedOutput): void {
    this.beforeWrite(item.bytes);
    if (this.#direct === null) {
      this.#sendWaiting(item);
      return;
    }
    try {
      item.bytes = item.bytes.subarray(writeSync(this.#direct, item.bytes));
    } catch (error) {
      if (errnoCode(error) === "EAGAIN") this.#sendWaiting(item);
      else if (errnoCode(error) !== "EINTR") throw error;
    }
  }

  /** Another thread waits until the reader has taken it. */
  #sendWaiting(item: QueuedOutput): void {
    this.#waiting = true;
    write(this.#fd, item.bytes, 0, Math.min(item.bytes.length, 64 << 10), null, (error, length) => {
      const again = () => {
        this.#waiting = false;
        this.#flush();
      };
      if (error === null) item.bytes = item.bytes.subarray(length);
      else if (error.code === "EAGAIN")
        return void setTimeout(again, 2); // someone made it non-blocking for all
      else if (error.code !== "EINTR") this.#fail(error);
      again();
    });
  }

  /** @returns whether there is more of the item. */
  #refill(item: QueuedOutput): boolean {
    const { stored } = item;
    const left = stored === null ? 0 : stored.end - item.at;
    if (stored === null || left <= 0) return false;
    this.#buffer ??= Buffer.allocUnsafeSlow(CHUNK);
    const length = readSync(stored.file.fd, this.#buffer, 0, Math.min(left, CHUNK), item.at);
    item.at = length === 0 ? stored.end : item.at + length;
    const bytes = this.#buffer.subarray(0, length);
    item.bytes = item.tagger === null ? bytes : item.tagger.tag(bytes);
    return length > 0;
  }

  #fail(error: Error): void {
    const first = this.#broken === null;
    this.#broken ??= error;
    for (const item of this.#queue.splice(0)) settle(item, false);
    if (first) this.onBroken(error);
  }
}

function settle({ stored, askers }: QueuedOutput, out: boolean): void {
  stored?.file.release();
  for (const tell of askers) tell(out);
}

/** A descriptor that can be written to here and now without blocking; null if there is none. */
function openDirect(fd: number): number | null {
  try {
    return fstatSync(fd).isFile() ? fd : openNonBlocking(fd);
  } catch {
    return null;
  }
}
