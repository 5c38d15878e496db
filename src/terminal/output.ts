/**
 * What is written to a terminal, in its order: text that is waited for, and frames that are only offered.
 *
 * Always true: what is offered never waits for the terminal, be it slow, stopped (Ctrl-S) or behind a connection that hangs;
 * where the system knows no such way to write it is written as text is.
 */
import { openNonBlocking, writeSome } from "../os/files/non-blocking.ts";
import { writeAll } from "../os/stdout.ts";
import { toAscii } from "./style.ts";

const none = new Uint8Array();

export class TerminalOutput {
  readonly #fd: number;
  readonly #isAscii: boolean;
  /** The same terminal, never waited for; opened with the first offer, null where it cannot be. */
  #free: number | null | undefined;
  /** What was offered, and is not out yet. */
  #kept: Uint8Array = none;
  #closed = false;

  /** @param isAscii only ASCII may be written: frames and lines are drawn with what stands for them. */
  constructor(fd: number, isAscii: boolean) {
    this.#fd = fd;
    this.#isAscii = isAscii;
  }

  /** Writes all of it before it returns, after what was offered before. Quiet if the terminal is gone. */
  write(text: string): void {
    this.#try(() => {
      const kept = this.#kept;
      this.#kept = none;
      writeAll(this.#fd, kept);
      writeAll(this.#fd, this.#bytes(text));
    });
  }

  /** Writes what the terminal takes of it at once; the rest as {@link isOut} is asked for. Quiet if the terminal is gone. */
  offer(text: string): void {
    if (this.#free === undefined) this.#free = openNonBlocking(this.#fd);
    if (this.#free === null) {
      this.write(text);
      return;
    }
    const bytes = this.#bytes(text);
    this.#kept = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes]);
    this.#go();
  }

  /** Whether all that was offered is out. Writes what the terminal takes of it now. */
  get isOut(): boolean {
    this.#go();
    return this.#kept.length === 0;
  }

  /** What was offered and is not out yet is not written any more: somebody else is going to write. */
  withdraw(): void {
    this.#kept = none;
  }

  #go(): void {
    const fd = this.#free;
    if (fd === null || fd === undefined || this.#kept.length === 0) return;
    this.#try(() => {
      this.#kept = this.#kept.subarray(writeSome(fd, this.#kept));
    });
  }

  #try(write: () => void): void {
    if (this.#closed) return;
    try {
      write();
    } catch {
      this.#closed = true; // the SIGHUP that follows ends the program
      this.#kept = none;
    }
  }

  #bytes(text: string): Uint8Array {
    return Buffer.from(this.#isAscii ? toAscii(text) : text);
  }
}
