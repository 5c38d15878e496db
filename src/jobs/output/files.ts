/**
 * The nameless files jobs write to. To make one and to give it back costs the file system more than all else that lanes
 * does for a small job, so a file that nothing was written to (most jobs have one or two) is used again, if that is safe:
 *
 *     lanes' descriptor ──► description A ──►┐
 *                                            ├─ file        only A is left  ⇒  nobody can write to it any more
 *     the job's stdout  ──► description B ──►┘
 *
 * Always true: a file is empty when it is handed out, and a file that was handed out before has, but for lanes' own, no
 * open file description; the job's was another one than lanes', so that a process it left behind counts (openfile.ts). A
 * file that something still has open is never used again: what is written to it later is nobody's output.
 *
 * One that has something in it is not cut to be used again: ext4 takes that for a file being replaced, and writes it out when
 * it is closed next (its auto_da_alloc, ext4(5)), which made jobs that print a third slower than with new files.
 */
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { errnoCode, LanesError } from "../../errors.ts";
import { temporaryFolder } from "../../os/bytes/bytes.ts";
import type { OpenFiles } from "../../os/files/openfile.ts";
import { openTempFile } from "../../os/files/tempfile.ts";
import { procPath } from "../../os/platform.ts";
import type { Kept } from "./outlet.ts";

/** Files kept for jobs to come. */
const IDLE_LIMIT = 16;
/** From this many files on it is worth loading what it takes to use them again. */
const MANY = 16;

/** A file for one stream of one job. */
export interface JobFile extends Kept {
  /** What the job writes to. */
  readonly writeFd: number;
  /** The job has been started, or will not be. */
  started(): void;
  /** Bytes written so far. */
  size(): number;
}

/** What a job writes to. */
export interface JobStreams {
  readonly out: JobFile;
  readonly err: JobFile;
}

/** The files of one stream, of all jobs. */
export class JobFiles {
  readonly #idle: number[] = [];
  #open: OpenFiles | null = null;
  #made = 0;
  /** Whether the last file that came back was empty: the next one will be, likely. */
  #empty = true;

  /** An empty file. @throws what open(2) throws (EMFILE, ENOSPC …). */
  take(): JobFile {
    for (let fd = this.#idle.pop(); fd !== undefined; fd = this.#idle.pop()) {
      const file = this.#reopen(fd);
      if (file !== null) return file;
      closeSync(fd); // a job may have taken away the right to open it
    }
    this.#made += 1;
    if (this.#made === MANY) void this.#prepare();
    const fd = openTempFile("append");
    const file = this.#empty ? this.#reopen(fd) : null;
    return file ?? this.#once(fd);
  }

  async #prepare(): Promise<void> {
    this.#open = (await import("../../os/files/openfile.ts")).openFiles();
  }

  /** A file that cannot be used again: job and lanes share one open file. */
  #once(fd: number): JobFile {
    let bytes = 0;
    const size = () => {
      bytes = sizeOf(fd);
      return bytes;
    };
    const release = () => {
      this.#empty = bytes === 0;
      closeSync(fd);
    };
    return { fd, writeFd: fd, started: () => {}, size, release };
  }

  /** A file that may be used again; null if it cannot be opened once more. */
  #reopen(fd: number): JobFile | null {
    const open = this.#open;
    const writeFd = open === null ? null : openAgain(fd);
    if (open === null || writeFd === null) return null;
    const size = () => open.seekEnd(fd);
    const release = () => {
      // The size is asked for when nobody can write to it any more.
      const alone = open.isAlone(fd);
      this.#empty = size() === 0;
      if (alone && this.#empty && this.#idle.length < IDLE_LIMIT) this.#idle.push(fd);
      else closeSync(fd);
    };
    return { fd, writeFd, started: () => closeSync(writeFd), size, release };
  }
}

/** A file that has a place of its own (`--results`). */
export function ownFile(fd: number): JobFile {
  return { fd, writeFd: fd, started: () => {}, size: () => sizeOf(fd), release: () => closeSync(fd) };
}

/** Another open file of the same file; null if there is none to be had. */
function openAgain(fd: number): number | null {
  try {
    return openSync(procPath(`self/fd/${fd}`), constants.O_WRONLY | constants.O_APPEND);
  } catch {
    return null;
  }
}

function sizeOf(fd: number): number {
  return fstatSync(fd).size;
}

/**
 * Writes all of it.
 * @param folder where the file is.
 * @throws LanesError if that is full; else what write(2) throws.
 */
export function writeWhole(fd: number, bytes: Uint8Array, folder = temporaryFolder()): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch (error) {
    throw diskFull(error, folder) ?? error;
  }
}

/** An error of write(2) for a person, if it is that there is no room. */
export function diskFull(error: unknown, folder = temporaryFolder()): LanesError | undefined {
  if (!["ENOSPC", "EDQUOT"].includes(errnoCode(error) ?? "")) return undefined;
  return new LanesError("run.error.tempFull", { folder }, { cause: error });
}
