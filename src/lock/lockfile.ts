/**
 * The lock file: one attempt at a time, none of it waits. How to wait is the business of sleep.ts.
 *
 * THE LOCK is a regular file at an agreed path. It is created exclusively, so its existence is the lock, and its content,
 * one line of JSON, says who holds it. What a file cannot say is whether its owner still lives; for that every owner also
 * has the kernel's flock on the file, which the kernel takes back the moment the last descriptor is closed, kill -9 included. Its word is one and
 * the same in every container, under every host name and after every reboot, so it alone decides whether an owner named in a
 * record is gone; his pid is not asked (filesystem.ts sees to it that there is no lock where flock could lie).
 *
 *   state of the path                  flock on its inode        means
 *   ---------------------------------  ------------------------  -----------------------------------------------------
 *   nothing there                                                free
 *   our record, the owner lives        held by the owner         held
 *   our record, lanes was killed       held by its command       held: the command inherited the description
 *   our record                         nobody's                  stale, the owner is gone: to be adopted in place
 *   a tombstone                        nobody's                  free (left to a waiter, by --keep, or by a crash)
 *   empty                              nobody's                  somebody is between create and write, or died there,
 *                                                                or made it for us beforehand
 *   anything else                      -                         foreign: not ours, never touched, held until it goes
 *
 * TO ACQUIRE
 *   1. open(path, O_CREAT|O_EXCL|O_RDWR|O_NOFOLLOW, 0666 less the umask). It exists: open it without O_CREAT, and if it
 *      may not be written, for reading, which is enough to wait; it is gone by then: again. If it may not be read either,
 *      all there is to know is whether the kernel lists its flock as somebody's (proc-locks.ts): then it is waited for.
 *   2. flock(LOCK_EX|LOCK_NB). Refused: somebody holds it; sleep in flock on this descriptor (sleep.ts), then go on at 3.
 *      The creator can be refused too: somebody adopted the file between its open and its flock. It has lost, and waits
 *      like anybody else; above all it does not unlink "its" file.
 *   3. Does the path still name this inode? Compare device and inode, whole 64 bits, of the descriptor with those of the
 *      path. If not, we have locked a file that somebody released or removed in between: close it, again from 1. Everybody
 *      does this after every flock that succeeded, THE CREATOR TOO: between its open and its flock the file may have been
 *      adopted, used, and unlinked. Without this check two get in; the model and the torture run prove it.
 *   4. Is it ours to take? Not what is foreign: lock files by others were never flocked. Not what is empty and young, unless
 *      we created it. Not while the command named in the record is seen to live, which may have closed what it inherited. Not
 *      what we may only read: if nobody takes it, that is an error. In each case give the flock back.
 *   5. Write the record. From here the lock is held.
 *
 * TO RELEASE
 *   1. Does the path still name our inode? If not, somebody removed or replaced the file: report it, touch nothing there.
 *   2. unlink the path, while we still have the flock. The other way round, close and then unlink, would remove the file
 *      of whoever adopted it in between. The model finds that mutant too. With --keep, or if somebody sleeps on the file at
 *      this moment, or if we found the file there, a tombstone instead: it lets him take it over where it is, which is the fastest hand-over there is.
 *      If he gives up at this moment, one of the two removes it (leftover.ts).
 *   3. LOCK_UN, which frees the lock even if a daemon still has the inherited descriptor, and wakes the sleepers; close.
 *
 * INVARIANTS
 *   - Whoever does not have the flock on the inode the path names never writes it and never unlinks it.
 *     (`lock break --force` is the one exception, and says so.)
 *   - At most one process is past step 3 of acquire and before step 2 of release.
 *   - While the lock is held the file is one line of JSON for everybody who reads it (owner.ts), and never gets shorter.
 *   - No step depends on a clock, an age or a heartbeat, with one exception: an empty file carries no second reason, so it
 *     is adopted only when it has been empty and unlocked for {@link emptyGraceMs}: its creator, if it is one of us, died
 *     between open and write. A creator that only slept that long finds in step 2 or 3 that it has lost. Whoever cannot wait
 *     that long takes it after {@link emptyGlanceMs}. (Another program's lock file that is empty for good cannot be told from
 *     that: give it a line of content, or another name.)
 *   - An empty file that we did not create stays there for good, with its mode and its owner: it may have been made for us, and
 *     from the remains of a crash that cannot be told. The record says so (`found`), and the tombstone after it.
 *   - Crash at any step: the kernel frees the flock, and the file is in one of the states above. Nothing stays stuck.
 */
import {
  create,
  empty,
  letGoOfFile,
  type Opened,
  openExisting,
  readContent,
  statAt,
  statIfNamed,
  writeAtStart,
} from "./file.ts";
import { cannotLock, notAFile, orTrouble } from "./lock-errors.ts";
import { type Content, commandLives, encodeOwner, newOwner, type OwnerRecord } from "./owner.ts";
import { vouchFor } from "./system/filesystem.ts";
import { identity } from "./system/identity.ts";
import { tryFlock } from "./system/kernel.ts";
import { flockOf } from "./system/proc-locks.ts";
import { sys } from "./system/sys.ts";
import type { Stat } from "./system/sys-calls.ts";

/** An empty, unlocked file is taken for the remains of a crash after this long. */
export const emptyGraceMs = 2000;

/** One of us fills the file it created within microseconds: enough for those who do not wait. */
export const emptyGlanceMs = 50;

/** How an attempt ended. */
export type LockAttempt =
  /** We hold it, with the record `owner`. `recovered` is the dead owner it was adopted from. */
  | {
      readonly state: "held";
      readonly opened: Opened;
      readonly owner: OwnerRecord;
      readonly recovered: OwnerRecord | null;
    }
  /** Somebody has the flock of `opened`, which the caller may sleep on and has to close. */
  | { readonly state: "busy"; readonly opened: Opened }
  /** Nobody has the flock, and yet it is not ours to take. */
  | { readonly state: "barred"; readonly why: Bar };

/**
 * Why a file whose flock is free may not be taken: not lanes'; too young to judge; its command lives; not ours to write. `closed`:
 * somebody has its flock, and we may not open it to wait for that.
 */
export type Bar = "foreign" | "empty" | "command" | "readonly" | "closed";

/** The attempt that succeeded: plain data, may cross to another thread. */
export type HeldLock = Extract<LockAttempt, { state: "held" }>;

/** Who tries: what goes into the record. */
export interface LockClaim {
  readonly command: readonly string[];
  readonly token: string;
  /** The command is going to inherit the descriptor. */
  readonly inherit: boolean;
}

/**
 * Tries once, without sleeping. `emptyForMs` is how long the caller has seen the file empty.
 * @throws LanesError if there can be no lock file at this path.
 */
export function attempt(path: string, claim: LockClaim, emptyForMs = 0): LockAttempt {
  orTrouble(path, () => vouchFor(path));
  identity(); // read the first time before there is a file: it is to be empty as shortly as possible
  for (;;) {
    // Undefined: the file was there for the one and gone for the other.
    const opened = create(path) ?? openExisting(path);
    if (opened === "denied") {
      const stat = statAt(path);
      if (stat !== undefined) return { state: "barred", why: barOfDenied(path, stat) };
    }
    if (opened === undefined || opened === "denied") continue;
    const why = opened.created ? undefined : untouchable(readContent(opened.fd).content, opened, emptyForMs);
    if (why !== undefined) {
      sys().close(opened.fd);
      return { state: "barred", why };
    }
    if (!tryFlockOf(opened)) return { state: "busy", opened };
    const outcome = settle(path, opened, claim, emptyForMs);
    if (outcome !== undefined) return outcome;
  }
}

/** Why a file that we may not even read cannot be taken. @throws LanesError if it is no regular file. */
function barOfDenied(path: string, stat: Stat): Bar {
  if (!stat.isFile) throw notAFile(path, stat);
  return flockOf(stat) === "held" ? "closed" : "readonly";
}

/** As {@link attempt}, for whoever does not wait for this file: undefined unless it is held now, and nothing is left open. */
export function attemptOnce(path: string, claim: LockClaim): HeldLock | undefined {
  const outcome = attempt(path, claim);
  if (outcome.state === "busy") sys().close(outcome.opened.fd);
  return outcome.state === "held" ? outcome : undefined;
}

/**
 * Steps 3 to 5 of acquiring, for a descriptor whose flock we have. Undefined: the path names another file by now, start
 * again. Unless it ends up held the flock is given back and the descriptor closed.
 */
export function settle(
  path: string,
  opened: Opened,
  claim: LockClaim,
  emptyForMs = 0,
): Exclude<LockAttempt, { state: "busy" }> | undefined {
  let held = false;
  try {
    const named = statIfNamed(path, opened);
    if (named === undefined) return undefined;
    const { content, bytes } = named.size === 0 ? empty : readContent(opened.fd);
    const why = barrier(content, opened, emptyForMs);
    if (why !== undefined) return { state: "barred", why };
    const owner = newOwner(claim.command, claim.token, claim.inherit, isFound(content, opened));
    takeOver(path, opened, owner, bytes);
    held = true;
    return { state: "held", opened, owner, recovered: content.kind === "owner" ? content.owner : null };
  } finally {
    if (!held) letGoOfFile(opened);
  }
}

/** tryFlock; where the file system has no flock nothing is left open, nor behind. */
function tryFlockOf(opened: Opened): boolean {
  try {
    return tryFlock(opened.fd);
  } catch (error) {
    sys().close(opened.fd);
    throw error;
  }
}

/** Why the file may not be taken over, although its flock is ours; undefined if it may. */
function barrier(content: Content, opened: Opened, emptyForMs: number): Bar | undefined {
  const why = untouchable(content, opened, emptyForMs);
  if (why !== undefined) return why;
  if (content.kind === "owner" && commandLives(content.owner)) return "command";
  return opened.writable ? undefined : "readonly";
}

/** Whether somebody else made the file. */
function isFound(content: Content, { created }: Opened): boolean {
  if (content.kind === "empty") return !created;
  return content.kind === "owner"
    ? content.owner.found === true
    : content.kind === "released" && content.found === true;
}

/**
 * Why not even the flock of the file may be tried: others' files are not ours to touch, and the flock of an empty one belongs
 * to its creator, who is about to take it. (Were it refused, nobody would be left to fill or remove the file.)
 */
function untouchable(content: Content, opened: Opened, emptyForMs: number): Bar | undefined {
  if (content.kind === "foreign") return "foreign";
  return content.kind === "empty" && !opened.created ? judgeEmpty(sys().statOf(opened.fd), emptyForMs) : undefined;
}

/**
 * Why an empty file may not be taken. One with another name is somebody's file, not a lock's: a link to it may have been laid
 * here to have it written. What seems to come from the future is from before the clock was set, so it is not young.
 */
export function judgeEmpty({ links, ctimeMs }: Stat, emptyForMs = 0): "foreign" | "empty" | undefined {
  if (links > 1) return "foreign";
  const ageMs = Date.now() - ctimeMs;
  return ageMs >= 0 && Math.max(emptyForMs, ageMs) < emptyGraceMs ? "empty" : undefined;
}

/** Step 5. A file that cannot hold our record (disk full) is taken away again: nobody else has a right to it. */
function takeOver(path: string, opened: Opened, owner: OwnerRecord, leastBytes: number): void {
  try {
    writeAtStart(opened.fd, encodeOwner(owner, leastBytes));
  } catch (error) {
    if (!owner.found) discard(path);
    throw cannotLock(path, error);
  }
}

function discard(path: string): void {
  try {
    sys().unlink(path);
  } catch {
    // What went wrong before is what there is to say.
  }
}
