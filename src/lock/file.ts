/**
 * What one does with a lock file, a step at a time: open it, see whether the path still names it, read it, write it, let it
 * go. When which of them is allowed is the business of lockfile.ts. An error is one for people (lock-errors.ts).
 */
import { errnoCode } from "../errors.ts";
import { cannotLock, notAFile, orTrouble } from "./lock-errors.ts";
import { type Content, decodeOwner, maxRecordBytes } from "./owner.ts";
import { unlockFlock } from "./system/kernel.ts";
import { sys } from "./system/sys.ts";
import { type Inode, isSame, type Stat } from "./system/sys-calls.ts";

/** A descriptor of a lock file, and the inode it stands for. */
export interface Opened extends Inode {
  readonly fd: number;
  /** We created it: as long as it is empty it is ours by right, once we have its flock. */
  readonly created: boolean;
  /** We may write it. A file of another user may be open for reading only: that is enough to wait for it. */
  readonly writable: boolean;
}

/**
 * A descriptor of the file at the path, for reading only if it may not be written; undefined if there is none.
 * @returns `"denied"` if it may not even be read.
 * @throws LanesError if it is no regular file, or cannot be opened at all.
 */
export function openExisting(path: string): Opened | "denied" | undefined {
  try {
    return describe(path, sys().open(path), false);
  } catch (error) {
    if (!isDenied(error)) throw cannotLock(path, error);
  }
  try {
    return describe(path, sys().openToRead(path), false, false);
  } catch (error) {
    if (isDenied(error)) return "denied";
    throw cannotLock(path, error);
  }
}

const isDenied = (error: unknown) => ["EACCES", "EPERM"].includes(errnoCode(error) ?? "");

/**
 * A descriptor of a file that was not there before; undefined if it was. Who else may write it is decided by whoever decides
 * it for any new file: the umask, or the folder's default ACL.
 */
export function create(path: string): Opened | undefined {
  return describe(
    path,
    orTrouble(path, () => sys().create(path, 0o666)),
    true,
  );
}

function describe(path: string, fd: number | undefined, created: boolean, writable = true): Opened | undefined {
  if (fd === undefined) return undefined;
  const stat = sys().statOf(fd);
  if (stat.isFile) return { fd, dev: stat.dev, inoHigh: stat.inoHigh, inoLow: stat.inoLow, created, writable };
  sys().close(fd);
  throw notAFile(path, stat);
}

/** Whether the path still names this inode. */
export function isNamed(path: string, opened: Opened): boolean {
  return statIfNamed(path, opened) !== undefined;
}

/** What the path names, if it is this inode. */
export function statIfNamed(path: string, opened: Opened): Stat | undefined {
  const named = statAt(path);
  return named !== undefined && isSame(named, opened) ? named : undefined;
}

/** What the path names; undefined: nothing that could be our file. */
export function statAt(path: string): Stat | undefined {
  try {
    return sys().statAt(path);
  } catch (error) {
    // The folder may have been moved away or closed to us: then the path does not name our file.
    if (["ENOTDIR", "EACCES", "ELOOP"].includes(errnoCode(error) ?? "")) return undefined;
    throw cannotLock(path, error);
  }
}

/** One byte more than a record can have: enough to see that it is none. Read into and decoded at once, so one is enough. */
const contentBuffer = new Uint8Array(maxRecordBytes + 1);

/** What {@link readContent} says of an empty file. */
export const empty = { content: { kind: "empty" }, bytes: 0 } as const;

/** How often what is foreign is read again: it may be a record of ours that another process is just writing. */
const rereads = 3;

/** What a lock file holds, and how long it is (not beyond {@link maxRecordBytes}), read through a descriptor. */
export function readContent(fd: number): { readonly content: Content; readonly bytes: number } {
  for (let reread = 0; ; reread++) {
    const bytes = sys().read(fd, contentBuffer);
    if (bytes === 0) return empty;
    const content = decodeOwner(Buffer.from(contentBuffer.buffer, 0, bytes));
    if (content.kind !== "foreign" || reread === rereads) return { content, bytes };
  }
}

const encoder = new TextEncoder();

/** Overwrites the beginning of the file, whole or not at all. @throws an error with a `code`. */
export function writeAtStart(fd: number, text: string): void {
  // (TextEncoder: the first Buffer.from of a process costs a tenth of a millisecond.)
  const bytes = encoder.encode(text);
  // So little goes into the page cache at once or not at all: less means that the disk is full.
  if (sys().write(fd, bytes, 0) !== bytes.length) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
}

/** LOCK_UN before close: a description that leaked into a daemon must not keep the lock, nor the waiters asleep. */
export function letGoOfFile(opened: Opened): void {
  unlockFlock(opened.fd);
  sys().close(opened.fd);
}
