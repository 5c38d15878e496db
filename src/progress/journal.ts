/**
 * The plays a person has made, kept between runs: a file of lines that is only ever added to.
 *
 * Always true: two lanes at once cannot lose each other's plays, because each adds its line in one write(2) at the end of
 * the file, wherever that is by then, so there is no lock to wait for and no copy to be out of date. What stands in the
 * file is never written over: a line that cannot be read (torn by a full disk, damaged, from a newer version) is
 * skipped and stays. (Over NFS, which cannot append atomically, one of two lines written in the same moment may be torn.)
 * Reading takes a bounded time and memory, whatever lies there, and waits for nothing.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { errnoCode } from "../errors.ts";
import { systemPath } from "../os/bytes/paths.ts";
import type { Play } from "../recording/results/plays.ts";
import { lineOf, readPlay } from "./play.ts";

export interface Journal {
  /** Oldest first. */
  readonly plays: readonly Play[];
  /** How many lines could not be read. */
  readonly skipped: number;
  /** Why nothing could be read, as the system says it (`EACCES`); undefined if it could, or if nothing is there yet. */
  readonly trouble: string | undefined;
}

/** The newest plays, some thousands of them: no person gets beyond it, and a file that does is not read for seconds. */
const MOST_BYTES = 1 << 20;

/**
 * Where a person's plays are kept: the folder for state of the XDG base directory specification, on macOS too, because there
 * other command-line tools keep theirs in it as well, and one answer is easier to remember than two.
 * @returns undefined if there is no such place: the variables are unset, or name no absolute path; no home folder is there.
 */
export function journalFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_STATE_HOME: state = "", HOME: home = "" } = env;
  if (state.startsWith("/")) return `${state}/lanes/${NAME}`;
  // A home folder that is missing on purpose (/nonexistent) is not to be made.
  if (!home.startsWith("/") || !existsSync(systemPath(`${home}/.`))) return undefined;
  return `${home}/.local/state/lanes/${NAME}`;
}
const NAME = "progress.jsonl";

/** What stands in the file. Never throws. */
export function readJournal(file: string): Journal {
  try {
    const fd = openSync(systemPath(file), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return read(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return { plays: [], skipped: 0, trouble: errnoCode(error) === "ENOENT" ? undefined : reasonOf(error) };
  }
}

function read(fd: number): Journal {
  const size = sizeOf(fd);
  const from = Math.max(0, size - MOST_BYTES);
  const bytes = Buffer.allocUnsafe(size - from);
  const length = readSync(fd, bytes, 0, bytes.length, from);
  const lines = bytes.toString("utf8", 0, length).split("\n");
  if (from > 0) lines.shift(); // the rest of a line
  const plays: Play[] = [];
  let skipped = 0;
  for (const line of lines) {
    if (line === "") continue;
    const play = readPlay(line);
    if (play === undefined) skipped++;
    else plays.push(play);
  }
  return { plays, skipped, trouble: undefined };
}

/** Adds a play. @throws what the system says when it cannot: {@link reasonOf} puts it in a word. */
export function addPlay(file: string, play: Play): void {
  mkdirSync(systemPath(file.slice(0, file.lastIndexOf("/"))), { recursive: true, mode: 0o700 });
  const { O_RDWR, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  const fd = openSync(systemPath(file), O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
  try {
    // After a line that was torn, this one begins on its own.
    const line = Buffer.from(endsTorn(fd) ? `\n${lineOf(play)}` : lineOf(play));
    if (writeSync(fd, line) < line.length) throw new NotKept("ENOSPC");
  } finally {
    closeSync(fd);
  }
}

/** Forgets all plays. @returns whether there were any. @throws what the system says when it cannot. */
export function removeJournal(file: string): boolean {
  try {
    unlinkSync(systemPath(file));
    return true;
  } catch (error) {
    if (errnoCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** Why it could not be read or written, in a word: `EACCES`. */
export function reasonOf(error: unknown): string {
  return errnoCode(error) ?? String(error);
}

class NotKept extends Error {
  override readonly name = "NotKept";
  constructor(readonly code: string) {
    super(code);
  }
}

/** @throws NotKept unless it is a regular file: a device or a pipe may never end. */
function sizeOf(fd: number): number {
  const stat = fstatSync(fd);
  if (!stat.isFile()) throw new NotKept(stat.isDirectory() ? "EISDIR" : "EINVAL");
  return stat.size;
}

/** Whether the last line has no end: nothing may be added to it. */
function endsTorn(fd: number): boolean {
  const size = sizeOf(fd);
  const last = Buffer.from("\n");
  if (size > 0) readSync(fd, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
