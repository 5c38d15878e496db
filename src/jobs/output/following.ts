/**
 * `--line-buffer` where jobs write to files (`-k`, `--results`): the files are read while they grow, and whole lines are passed
 * on. With `-k` only those of the job whose turn it is; what the others have written is passed on when theirs comes.
 *
 * Always true: of a file everything up to `passed` has been given to the outlet, and ends with a newline.
 */
import { readSync } from "node:fs";
import type { JobFile, JobStreams } from "./files.ts";
import type { Kept, Outlet } from "./outlet.ts";

const NEWLINE = 10;
const CHUNK = 64 << 10;
/** How often the files are looked at, ms. */
const LOOK_MS = 50;
/** Bytes of a file that are looked at in one go: other jobs, signals and readers have their turn, too. */
const AT_ONCE = 4 << 20;
/** Pieces waiting for lanes' own reader before more is read. */
const BACKLOG = 16;

/** How many bytes of each stream were passed on. */
export interface Passed {
  readonly out: number;
  readonly err: number;
}

export class Following {
  readonly #jobs = new Map<number, { readonly out: Followed; readonly err: Followed }>();
  readonly #buffer = Buffer.allocUnsafe(CHUNK);
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly outlets: { readonly out: Outlet; readonly err: Outlet },
    private readonly hasTurn: (seq: number) => boolean,
  ) {}

  /** A job has been started. @param tag goes before each line. */
  begin(seq: number, files: JobStreams, tag: Uint8Array | null): void {
    const { out, err } = this.outlets;
    this.#jobs.set(seq, { out: new Followed(files.out, out, tag), err: new Followed(files.err, err, tag) });
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  /** It has ended. @returns what was passed on. */
  end(seq: number): Passed {
    const job = this.#jobs.get(seq);
    this.#jobs.delete(seq);
    if (this.#jobs.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    return { out: job?.out.passed ?? 0, err: job?.err.passed ?? 0 };
  }

  #look(): void {
    for (const [seq, { out, err }] of this.#jobs) {
      if (!this.hasTurn(seq)) continue;
      out.look(this.#buffer);
      err.look(this.#buffer);
    }
  }
}

class Followed {
  /** Bytes that have been given to the outlet. */
  passed = 0;
  /** Bytes that have been looked at; no newline is between the two. */
  #seen = 0;
  /** Whoever has started it gives the file back: never a part of it. */
  readonly #file: Kept;

  constructor(
    file: JobFile,
    private readonly outlet: Outlet,
    private readonly tag: Uint8Array | null,
  ) {
    this.#file = { fd: file.fd, release: () => {} };
  }

  look(buffer: Buffer): void {
    if (this.outlet.backlog > BACKLOG) return;
    let end = this.passed;
    for (const start = this.#seen; this.#seen - start < AT_ONCE; ) {
      const length = readSync(this.#file.fd, buffer, 0, buffer.length, this.#seen);
      if (length === 0) break;
      const newline = buffer.subarray(0, length).lastIndexOf(NEWLINE);
      if (newline >= 0) end = this.#seen + newline + 1;
      this.#seen += length;
    }
    if (end === this.passed) return;
    const start = this.passed;
    this.passed = end;
    this.outlet.writeStored({ file: this.#file, start, end }, this.tag);
  }
}
