/**
 * `--keep-order`: what jobs wrote is passed on in the order of their numbers, whatever the order they end in. What has to
 * wait stays on disk: a few files as they are, the rest copied to the end of one spool file, so that neither memory nor
 * descriptors grow with what the jobs wrote that wait for a slow one: each takes a note in memory, and its joblog line.
 */
import { closeSync, ftruncateSync, readSync, writeSync } from "node:fs";
import { openTempFile } from "../../os/files/tempfile.ts";
import type { Kept, Stored } from "./outlet.ts";

/** What one job wrote; null where it wrote nothing. */
export interface Written {
  readonly out: Stored | null;
  readonly err: Stored | null;
}

/** Files kept open before the spool is used. */
const FILES_KEPT = 16;
const CHUNK = 256 << 10;

export class KeepOrder {
  readonly #held = new Map<number, Written | null>();
  readonly #spool: Kept = { fd: openTempFile("append"), release: () => {} };
  #spooled = 0;
  #files = 0;
  #next = 1;

  /** @param pass is given what jobs wrote, in order. */
  constructor(private readonly pass: (seq: number, written: Written) => void) {}

  /** The number of the job whose turn it is. */
  get next(): number {
    return this.#next;
  }

  /** Takes what a job wrote; null: nothing comes from this job. */
  put(seq: number, written: Written | null): void {
    this.#held.set(seq, seq === this.#next || written === null ? written : this.#hold(written));
    for (let held = this.#held.get(this.#next); held !== undefined; held = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      if (held !== null) {
        this.#files -= this.#ownFiles(held);
        this.pass(this.#next, held);
      }
      this.#next += 1;
    }
  }

  /** Passes on what is held although jobs before it never ended. */
  flush(): void {
    for (const [seq, written] of [...this.#held].sort(([a], [b]) => a - b)) {
      if (written !== null) this.pass(seq, written);
    }
    this.#held.clear();
  }

  /** Nothing may be held or on its way out any more. */
  close(): void {
    closeSync(this.#spool.fd);
  }

  /** Everything has been passed on *and* is out: the spool's space can be used again. */
  reclaim(): void {
    if (this.#held.size === 0 && this.#spooled > 0) {
      ftruncateSync(this.#spool.fd, 0);
      this.#spooled = 0;
    }
  }

  #ownFiles(written: Written): number {
    return [written.out, written.err].filter((stored) => stored !== null && stored.file !== this.#spool).length;
  }

  #hold(written: Written): Written {
    const files = this.#ownFiles(written);
    if (this.#files + files <= FILES_KEPT) {
      this.#files += files;
      return written;
    }
    return { out: this.#toSpool(written.out), err: this.#toSpool(written.err) };
  }

  #toSpool(stored: Stored | null): Stored | null {
    if (stored === null) return null;
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, stored.end - stored.start));
    const start = this.#spooled;
    for (let at = stored.start; at < stored.end; ) {
      const length = readSync(stored.file.fd, buffer, 0, Math.min(buffer.length, stored.end - at), at);
      if (length === 0) break;
      for (let done = 0; done < length; ) done += writeSync(this.#spool.fd, buffer, done, length - done);
      at += length;
      this.#spooled += length;
    }
    stored.file.release();
    return { file: this.#spool, start, end: this.#spooled };
  }
}
