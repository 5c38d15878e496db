/**
 * First come, first served. Whoever has to wait lines up in a second file, the turnstile, and stays there until it has the
 * lock: one process at a time sleeps at the lock itself, the others behind it.
 *
 * The file is empty; its bytes are places, and what counts is who has them locked (ranges.ts). A waiter locks the byte that
 * stands for the moment it came, so later ones have higher numbers, and then sleeps until it gets all bytes below: those of
 * everybody who came before. With those it has byte 0, and stands at the lock; the rest follows from where there are locks:
 *
 *   no byte locked   nobody waits, and a newcomer may try the lock directly; otherwise it lines up, also if it has just
 *                    released the lock and is faster than the one who is being woken
 *   byte 0 locked    somebody stands at the lock; how far its range reaches tells who
 *
 * A place is a lock, so the kernel takes it back from whoever ends, however it ends; and it is not lost by being woken to
 * look around. Handing on is one wake-up: the others that sleep are chained behind the one who is next.
 *
 * For fairness ONLY. Exclusion never depends on it: it may be missing (macOS has none: its locks of this kind are out of
 * reach of bun:ffi), removed, wrong, or differ between two users, and all that suffers is the order. Nor may the lock get
 * stuck on it: a waiter that was stopped (Ctrl-Z) at the head of the line is overtaken (woken-early.ts).
 *
 * It lies in a private folder of the user in /tmp (own-folder.ts: if what is there is not ours, there is no turnstile), not
 * beside the data, under a name made from the data's folder and file name. /tmp and not $TMPDIR, for all lanes of a user are to
 * stand in one line, whoever started them. It appears when somebody has to wait, and goes when a process that has waited ends
 * and nobody is in line; those of processes that were killed go with the next.
 */
import { systemPath } from "../../os/bytes/paths.ts";
import { isLinux, procPath } from "../../os/platform.ts";
import { folderOf, nameOf } from "../path.ts";
import { sys } from "../system/sys.ts";
import { withOwnFolder } from "./own-folder.ts";
import { type ByteRange, everything, lockedWithin, sleepForRange, tryRange, uptimeUs } from "./ranges.ts";

/** What the names of turnstiles end with: nothing else is ever removed. */
const ending = ".line";

const places = new Map<string, string | undefined>();
const rememberedPlaces = 1000;

/** Where the turnstile of a lock file is; undefined if there can be none (then nobody lines up). */
export function turnstileOf(path: string): string | undefined {
  if (!places.has(path)) {
    if (places.size >= rememberedPlaces) places.clear();
    places.set(path, locate(path));
  }
  return places.get(path);
}

function locate(path: string): string | undefined {
  if (!isLinux) return undefined;
  try {
    // Through a symbolic link too: hence the dot.
    const folder = sys().statAt(`${folderOf(path)}/.`);
    if (folder === undefined) return undefined;
    // By device and inode: two spellings of one folder are one lock.
    const key = systemPath(`${folder.dev}:${folder.inoHigh}:${folder.inoLow}:${nameOf(path)}`);
    return `/tmp/lanes-${sys().userId()}/${Bun.hash(key).toString(36)}${ending}`;
  } catch {
    return undefined;
  }
}

const atTheLock: ByteRange = { start: 0, length: 1 };

/** Whether somebody is in line. */
export function hasLine(turnstile: string | undefined): boolean {
  return isLocked(turnstile, everything);
}

/** Whether somebody stands at the lock. */
export function isExpected(turnstile: string | undefined): boolean {
  return isLocked(turnstile, atTheLock);
}

function isLocked(turnstile: string | undefined, range: ByteRange): boolean {
  if (turnstile === undefined) return false;
  try {
    return withOwnFolder(folderOf(turnstile), (folder) => isLockedIn(folder, nameOf(turnstile), range)) === true;
  } catch {
    return false;
  }
}

function isLockedIn(folder: number, name: string, range: ByteRange): boolean {
  const fd = sys().openToRead(name, folder);
  if (fd === undefined) return false;
  try {
    return lockedWithin(fd, range) !== undefined;
  } finally {
    sys().close(fd);
  }
}

/** A place in the line. */
export interface TurnstilePlace {
  /** Sleeps until everybody before has left; blocks the thread. Interrupted, it may be called again: the place is kept. */
  sleep(): "first" | "interrupted";
  /** Names somebody who is before: whoever stands at the lock, if there is one. */
  before(): string | undefined;
  /** Leaves the line: the next one is woken. */
  leave(): void;
}

const nowhere: TurnstilePlace = { sleep: () => "first", before: () => undefined, leave() {} };

/** Lines up, behind all who are there. */
export function lineUp(turnstile: string | undefined): TurnstilePlace {
  const taken = turnstile === undefined ? undefined : takePlace(turnstile);
  if (taken === undefined) return nowhere;
  const { fd, place } = taken;
  // The byte below its own it leaves alone: ranges that touch become one, and the kernel would then wake everybody who
  // sleeps behind, instead of leaving them chained to it.
  const below = { start: 0, length: place - 1 };
  return {
    sleep() {
      try {
        return sleepForRange(fd, below) === "locked" ? "first" : "interrupted";
      } catch {
        return "first"; // the kernel has no room for one lock more (ENOLCK): without order, then
      }
    },
    before() {
      const other = lockedWithin(fd, atTheLock) ?? lockedWithin(fd, below);
      return other && `${other.start}+${other.length}`;
    },
    leave: () => sys().close(fd),
  };
}

/** How often to try: somebody who removes turnstiles may have all of it for a moment, or be stopped in that moment. */
const tries = 100;

/** Opens the turnstile and locks the byte of this moment, or one higher up that nobody has; always an even one. */
function takePlace(turnstile: string): { readonly fd: number; readonly place: number } | undefined {
  let fd: number | undefined;
  try {
    let place = 2 * uptimeUs();
    for (let n = 0; n < tries; n++) {
      fd ??= withOwnFolder(folderOf(turnstile), (folder) => openIn(folder, nameOf(turnstile)), true);
      if (fd === undefined) return undefined;
      const one = { start: place, length: 1 };
      if (tryRange(fd, one)) {
        if (!sys().statOf(fd).isUnlinked) return { fd, place };
        // Somebody who found nobody in line has removed it.
        sys().close(fd);
        fd = undefined;
        continue;
      }
      const other = lockedWithin(fd, one);
      if (other !== undefined && other.length > 0) place = 2 * Math.ceil((other.start + other.length) / 2);
    }
  } catch {
    // No turnstile.
  }
  if (fd !== undefined) sys().close(fd);
  return undefined;
}

const used = new Set<string>();
/** A turnstile that was made so long ago, and is free, may have been left behind. */
const forgottenMs = 60_000;

/** This process is going to line up there: when it ends it takes the turnstile away, unless somebody is in line. */
export function leaveNoTrace(turnstile: string | undefined): void {
  if (turnstile === undefined) return;
  if (used.size === 0) process.once("exit", tidy);
  used.add(turnstile);
}

/** Removes what this process used, and what processes that were killed have left behind. */
function tidy(): void {
  const [folder] = [...used].map(folderOf);
  if (folder === undefined) return;
  try {
    withOwnFolder(folder, tidyFolder);
  } catch {
    // Not our business any more: the process ends.
  }
}

function tidyFolder(folder: number): void {
  const mine = new Set([...used].map(nameOf));
  // By its descriptor, too.
  for (const name of process.getBuiltinModule("node:fs").readdirSync(procPath(`self/fd/${folder}`))) {
    const left = name.endsWith(ending) ? sys().statAt(name, folder) : undefined;
    if (!left?.isFile || left.size > 0) continue;
    if (mine.has(name) || Date.now() - left.mtimeMs > forgottenMs) removeIfFree(name, folder);
  }
}

/** With all of it locked nobody can line up there unnoticed: takePlace looks afterwards whether it is still there. */
function removeIfFree(name: string, folder: number): void {
  try {
    const fd = sys().open(name, folder);
    if (fd === undefined) return;
    if (tryRange(fd, everything) && !sys().statOf(fd).isUnlinked) sys().unlink(name, folder);
    sys().close(fd);
  } catch {
    // As above.
  }
}

/** Opens the turnstile, made if it is not there. @throws if there can be none. */
function openIn(folder: number, name: string): number {
  for (;;) {
    const fd = sys().open(name, folder) ?? sys().create(name, 0o600, folder);
    if (fd !== undefined) return fd;
  }
}
