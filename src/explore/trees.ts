/**
 * Trees of files: copied, compared, removed. Names are byte-strings, as everywhere; what is copied is equal to its original in
 * content, rights and times, so that two files of one size and time are the same.
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
} from "node:fs";
import { cString, decodeText } from "../os/bytes/byte-strings.ts";
import { joinPath, systemPath } from "../os/bytes/paths.ts";
import { libcFunctions } from "../os/libc.ts";

/** Whether what has this name is left out, wherever it stands. */
type Skips = (name: string) => boolean;

/** Names in a folder, as byte-strings; in one order everywhere. */
export function namesIn(folder: string): string[] {
  return readdirSync(systemPath(folder), { encoding: "buffer" })
    .map((name) => decodeText(Buffer.from(name)))
    .sort();
}

/** Copies what is in a folder: files, folders, links and named pipes, with their rights and times. Leaves out `skips`. */
export function copyTree(from: string, to: string, skips: Skips): void {
  const stat = lstatSync(systemPath(from));
  mkdirSync(systemPath(to), { mode: 0o700 });
  for (const name of namesIn(from)) if (!skips(name)) copyOne(joinPath(from, name), joinPath(to, name), skips);
  chmodSync(systemPath(to), stat.mode & 0o7777);
  utimesSync(systemPath(to), stat.atime, stat.mtime);
}

function copyOne(from: string, to: string, skips: Skips): void {
  const stat = lstatSync(systemPath(from));
  if (stat.isDirectory()) {
    copyTree(from, to, skips);
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

/** Removes a tree, also where it has folders that may not be written. Never throws. */
export function removeTree(path: string): void {
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

/** Which files in `run` are not as in `base`, by their names: changed, new, or (null) gone. */
export function changesIn(base: string, run: string): Map<string, Buffer | null> {
  const changed = new Map<string, Buffer | null>();
  compare(base, run, "", changed);
  return changed;
}

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

export const statOf = (path: string) => lstatSync(systemPath(path), { throwIfNoEntry: false });

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
