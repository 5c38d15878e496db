/**
 * The folder a program runs in, fresh for every run: a copy of it as it was at the start, below the folder for temporary files.
 * With it a folder for the run's own temporary files, and what the program writes.
 */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { errnoCode, LanesError, usageError } from "../errors.ts";
import { cString, decodeText } from "../os/bytes/byte-strings.ts";
import { currentFolder, temporaryFolder } from "../os/bytes/bytes.ts";
import { joinPath, realPath, systemPath, uniqueFolder } from "../os/bytes/paths.ts";
import { temporary } from "../os/files/tempfile.ts";
import { libcFunctions } from "../os/libc.ts";
import { procStat } from "../os/process/proc-of.ts";
import { sizeText } from "../os/units.ts";

/** A larger folder is not copied for every run. */
const MOST_BYTES = 64 << 20;
const MOST_FILES = 10_000;
const PREFIX = "lanes-explore-";
/** Who has the folder: a pid and when that began. */
const OWNER = "owner";

export class Copies {
  /** All of it. */
  readonly scratch: string;
  /** As it was at the start; undefined in place. */
  readonly base: string | undefined;
  /** Where the program runs. */
  readonly folder: string;
  readonly temporary: string;
  readonly stdout: string;
  readonly stderr: string;
  /** The folder that was copied. */
  readonly original: string;

  /**
   * Takes the copy. @param inPlace there is none: the program runs in the folder itself.
   * @throws LanesError (usage) if the folder is too large, or cannot be read; `explore.error.copy` for a full disk.
   */
  constructor(inPlace: boolean, skipped = temporaryFolder()) {
    removeLeftovers(skipped);
    this.original = realPath(currentFolder());
    this.scratch = realPath(temporary((folder) => uniqueFolder(joinPath(folder, PREFIX))));
    const within = (name: string) => joinPath(this.scratch, name);
    this.base = inPlace ? undefined : within("base");
    this.folder = inPlace ? this.original : within("run");
    this.temporary = within("tmp");
    this.stdout = within("stdout");
    this.stderr = within("stderr");
    try {
      const startTicks = procStat(process.pid)?.startTicks ?? 0;
      writeFileSync(systemPath(within(OWNER)), `${process.pid} ${startTicks}\n`);
      if (this.base !== undefined) {
        measure(this.original);
        copyTree(this.original, this.base);
      }
    } catch (error) {
      this.remove();
      throw notCopied(error);
    }
  }

  /** Everything as it was. @throws LanesError `explore.error.copy`. */
  fresh(): void {
    removeTree(this.temporary);
    mkdirSync(systemPath(this.temporary), { recursive: true });
    if (this.base === undefined) return;
    removeTree(this.folder);
    copyTree(this.base, this.folder);
  }

  /** The files of the run that are not as they were, by their names: changed, new, or gone. */
  changed(): Map<string, Buffer | null> {
    const changed = new Map<string, Buffer | null>();
    if (this.base !== undefined) compare(this.base, this.folder, "", changed);
    return changed;
  }

  remove(): void {
    removeTree(this.scratch);
  }
}

/** Names in a folder, as byte-strings; in one order everywhere. */
function namesIn(folder: string): string[] {
  return readdirSync(systemPath(folder), { encoding: "buffer" })
    .map((name) => decodeText(Buffer.from(name)))
    .sort();
}

const isOurs = (name: string) => name.startsWith(PREFIX);

/** @throws LanesError (usage) for a folder that is too large. */
function measure(root: string): void {
  let [bytes, files] = [0, 0];
  const walk = (folder: string): void => {
    for (const name of namesIn(folder)) {
      if (isOurs(name)) continue;
      const path = joinPath(folder, name);
      const stat = lstatSync(systemPath(path));
      files++;
      if (stat.isFile()) bytes += stat.size;
      if (bytes > MOST_BYTES || files > MOST_FILES)
        throw usageError("explore.error.large", { folder: root, size: sizeText(MOST_BYTES), files: MOST_FILES });
      if (stat.isDirectory()) walk(path);
    }
  };
  try {
    walk(root);
  } catch (error) {
    if (error instanceof LanesError) throw error;
    throw usageError("explore.error.read", { reason: (error as Error).message }, error);
  }
}

/** Copies what is in a folder: files, folders, links and named pipes, with their rights and times. */
function copyTree(from: string, to: string): void {
  try {
    copyFolder(from, to);
  } catch (error) {
    throw notCopied(error);
  }
}

/** Why there is no copy; what already is an error for people stays as it is. */
function notCopied(error: unknown): LanesError {
  if (error instanceof LanesError) return error;
  const code = errnoCode(error);
  return code === "ENOSPC" || code === "EDQUOT"
    ? new LanesError("explore.error.full", { folder: temporaryFolder() }, { cause: error })
    : new LanesError("explore.error.copy", { reason: (error as Error).message }, { cause: error });
}

function copyFolder(from: string, to: string): void {
  const stat = lstatSync(systemPath(from));
  mkdirSync(systemPath(to), { mode: 0o700 });
  for (const name of namesIn(from)) if (!isOurs(name)) copyOne(joinPath(from, name), joinPath(to, name));
  chmodSync(systemPath(to), stat.mode & 0o7777);
  utimesSync(systemPath(to), stat.atime, stat.mtime);
}

function copyOne(from: string, to: string): void {
  const stat = lstatSync(systemPath(from));
  if (stat.isDirectory()) {
    copyFolder(from, to);
    return;
  }
  if (stat.isSymbolicLink()) {
    const target = decodeText(Buffer.from(readlinkSync(systemPath(from), { encoding: "buffer" })));
    symlinkSync(systemPath(target), systemPath(to));
    return;
  }
  if (stat.isFIFO()) {
    libcFunctions({ mkfifo: { args: ["ptr", "u32"], returns: "i32" } }).mkfifo(cString(to), stat.mode & 0o777);
    return;
  }
  if (!stat.isFile()) return; // a socket or a device is nobody's to copy
  copyFileSync(systemPath(from), systemPath(to), constants.COPYFILE_FICLONE);
  chmodSync(systemPath(to), stat.mode & 0o7777);
  utimesSync(systemPath(to), stat.atime, stat.mtime);
}

/** Removes a tree, also where it has folders that may not be written. */
function removeTree(path: string): void {
  try {
    rmSync(systemPath(path), { recursive: true, force: true });
  } catch {
    try {
      openFolders(path);
      rmSync(systemPath(path), { recursive: true, force: true });
    } catch {
      // somebody else's by now
    }
  }
}

function openFolders(path: string): void {
  if (!lstatSync(systemPath(path)).isDirectory()) return;
  chmodSync(systemPath(path), 0o700);
  for (const name of namesIn(path)) openFolders(joinPath(path, name));
}

/** More of a file is not compared, bytes: what follows changes its size, mostly. */
const COMPARED = 1 << 20;

function compare(base: string, run: string, below: string, changed: Map<string, Buffer | null>): void {
  const [before, after] = [base, run].map((folder) => {
    try {
      return namesIn(joinPath(folder, below));
    } catch {
      return [];
    }
  });
  for (const name of new Set([...before!, ...after!])) {
    const path = below === "" ? name : joinPath(below, name);
    const [was, is] = [statOf(joinPath(base, path)), statOf(joinPath(run, path))];
    if (is?.isDirectory() || was?.isDirectory()) compare(base, run, path, changed);
    else if (is === undefined) changed.set(path, null);
    else if (is.isFile() && !(was?.isFile() && was.size === is.size && was.mtimeMs === is.mtimeMs)) {
      const content = contentOf(joinPath(run, path));
      if (was === undefined || !contentOf(joinPath(base, path)).equals(content)) changed.set(path, content);
    }
  }
}

const statOf = (path: string) => lstatSync(systemPath(path), { throwIfNoEntry: false });

/** The beginning of a file; empty if it cannot be read. */
export function contentOf(path: string): Buffer {
  let fd: number;
  try {
    fd = openSync(systemPath(path), "r");
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const bytes = Buffer.alloc(COMPARED);
    let length = 0;
    for (let got = 1; got > 0 && length < COMPARED; length += got)
      got = readSync(fd, bytes, length, COMPARED - length, null);
    return bytes.subarray(0, length);
  } catch {
    return Buffer.alloc(0);
  } finally {
    closeSync(fd);
  }
}

/** Removes what is left of a lanes whose controller was killed, too. Never throws. */
function removeLeftovers(base: string): void {
  try {
    for (const name of namesIn(base)) {
      const folder = joinPath(base, name);
      if (!isOurs(name) || statOf(folder)?.uid !== process.getuid?.()) continue;
      const [pid, ticks] = contentOf(joinPath(folder, OWNER)).toString().split(" ").map(Number);
      if (pid !== undefined && ticks !== undefined && procStat(pid)?.startTicks !== ticks) removeTree(folder);
    }
  } catch {
    // not a folder that can be looked through
  }
}
