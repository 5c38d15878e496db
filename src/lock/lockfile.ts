/**
 * The lock file: one attempt at a time, none of it waits. How to wait is the business of sleep.ts.
 *
 * THE LOCK is a regular file at an agreed path. It is created exclusively, so its existence is the lock, and its content,
 * one line of JSON, says who holds it. What a file cannot say is whether its owner still lives; for that every owner also
 * has the kernel's flock on the file, which the kernel takes back the moment the last descriptor is closed, kill -9 included.
 *
 *   state of the path                  flock on its inode        means
 *   ---------------------------------  ------------------------  -----------------------------------------------------
 *   nothing there                                                free
 *   our record, the owner lives        held by the owner         held
 *   our record, lanes was killed       held by its command       held: the command inherited the description
 *   our record, the owner is gone      nobody's                  stale: to be adopted in place
 *   a tombstone                        nobody's                  free (left to a waiter, by --keep, or by a crash)
 *   empty                              nobody's                  somebody is between create and write, or died there
 *   anything else                      -                         foreign: not ours, never touched, held until it goes
 *
 * TO ACQUIRE
 *   1. open(path, O_CREAT|O_EXCL|O_RDWR|O_NOFOLLOW). It exists: open it without O_CREAT; it is gone by then: again.
 *   2. flock(LOCK_EX|LOCK_NB). Refused: somebody holds it; sleep in flock on this descriptor (sleep.ts), then go on at 3.
 *      The creator can be refused too: somebody adopted the file between its open and its flock. It has lost, and waits
 *      like anybody else; above all it does not unlink "its" file.
 *   3. Does the path still name this inode? Compare device and inode, whole 64 bits, of the descriptor with those of the
 *      path. If not, we have locked a file that somebody released or removed in between: close it, again from 1. Everybody
 *      does this after every flock that succeeded, THE CREATOR TOO: between its open and its flock the file may have been
 *      adopted, used, and unlinked. Without this check two get in; the model and the torture run prove it.
 *   4. A file we did not find empty because we created it needs a second reason besides the flock: a tombstone, or a
 *      record whose owner is gone (owner.ts). For there are file systems whose flock says yes to everybody, and lock files
 *      by others that were never flocked. No second reason: give the flock back, treat the lock as held.
 *   5. Write the record. From here the lock is held.
 *
 * TO RELEASE
 *   1. Does the path still name our inode? If not, somebody removed or replaced the file: report it, touch nothing there.
 *   2. unlink the path, while we still have the flock. The other way round, close and then unlink, would remove the file
 *      of whoever adopted it in between. The model finds that mutant too. With --keep, or if somebody sleeps on the file at
 *      this moment, a tombstone instead: it lets him take it over where it is, which is the fastest hand-over there is.
 *   3. LOCK_UN, which frees the lock even if a daemon still has the inherited descriptor, and wakes the sleepers; close.
 *
 * INVARIANTS
 *   - Whoever does not have the flock on the inode the path names never writes it and never unlinks it.
 *     (`lock break --force` is the one exception, and says so.)
 *   - At most one process is past step 3 of acquire and before step 2 of release.
 *   - While the lock is held the file is one line of JSON for everybody who reads it (owner.ts), and never gets shorter.
 *   - No step depends on a clock, an age or a heartbeat, with one exception: an empty file carries no second reason, so it
 *     is adopted only when it has been empty and unlocked for {@link emptyGraceMs}: its creator, if it is one of us, died
 *     between open and write. A creator that only slept that long finds in step 2 or 3 that it has lost. (Another
 *     program's lock file that is empty for good cannot be told from that: give it a line of content, or another name.)
 *   - Crash at any step: the kernel frees the flock, and the file is in one of the states above. Nothing stays stuck.
 */
import { create, empty, letGo, type Opened, openExisting, readContent, statIfNamed, writeAtStart } from "./file.ts";
import { vouchFor } from "./filesystem.ts";
import { identity } from "./identity.ts";
import { tryFlock } from "./kernel.ts";
import { type Content, encode, fate, newOwner, type OwnerRecord } from "./owner.ts";
import { sys } from "./sys.ts";
import { cannotLock, orTrouble } from "./trouble.ts";

/** An empty, unlocked file is taken for the remains of a crash after this long. */
export const emptyGraceMs = 2000;

/** How an attempt ended. */
export type Attempt =
  /** We hold it, with the record `owner`. `recovered` is the dead owner it was adopted from. */
  | {
      readonly state: "held";
      readonly opened: Opened;
      readonly owner: OwnerRecord;
      readonly recovered: OwnerRecord | null;
    }
  /** Somebody has the flock of `opened`, which the caller may sleep on and has to close. */
  | { readonly state: "busy"; readonly opened: Opened }
  /** Nobody has the flock, and yet it is not ours to take: no second reason. */
  | { readonly state: "barred"; readonly why: Bar; readonly owner: OwnerRecord | null };

/** Why a file whose flock is free may not be adopted: not ours; too young to judge; its owner lives, or may live. */
export type Bar = "foreign" | "empty" | "alive" | "unknown";

/** The attempt that succeeded: plain data, may cross to another thread. */
export type Held = Extract<Attempt, { state: "held" }>;

/** Who tries: what goes into the record. */
export interface Claim {
  readonly command: readonly string[];
  readonly token: string;
  /** The command is going to inherit the descriptor. */
  readonly inherit: boolean;
}

/**
 * Tries once, without sleeping. `emptyForMs` is how long the caller has seen the file empty.
 * @throws LanesError if there can be no lock file at this path.
 */
export function attempt(path: string, claim: Claim, emptyForMs = 0): Attempt {
  orTrouble(path, () => vouchFor(path));
  identity(); // read the first time before there is a file: it is to be empty as shortly as possible
  for (;;) {
    // Undefined: the file was there for the one and gone for the other.
    const opened = create(path) ?? openExisting(path);
    if (opened === undefined) continue;
    const why = opened.created ? undefined : untouchable(readContent(opened.fd).content, opened, emptyForMs);
    if (why !== undefined) {
      sys().close(opened.fd);
      return { state: "barred", why, owner: null };
    }
    if (!tryFlockOf(opened)) return { state: "busy", opened };
    const outcome = settle(path, opened, claim, emptyForMs);
    if (outcome !== undefined) return outcome;
  }
}

/** As {@link attempt}, for whoever does not wait for this file: undefined unless it is held now, and nothing is left open. */
export function attemptOnce(path: string, claim: Claim): Held | undefined {
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
  claim: Claim,
  emptyForMs = 0,
): Exclude<Attempt, { state: "busy" }> | undefined {
  let held = false;
  try {
    const named = statIfNamed(path, opened);
    if (named === undefined) return undefined;
    const { content, bytes } = named.size === 0 ? empty : readContent(opened.fd);
    const previous = content.kind === "owner" ? content.owner : null;
    const why = barrier(content, opened, emptyForMs);
    if (why !== undefined) return { state: "barred", why, owner: previous };
    const owner = newOwner(claim.command, claim.token, claim.inherit);
    takeOver(path, opened, owner, bytes);
    held = true;
    return { state: "held", opened, owner, recovered: previous };
  } finally {
    if (!held) letGo(opened);
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
  if (content.kind !== "owner") return untouchable(content, opened, emptyForMs);
  const known = fate(content.owner);
  return known === "gone" ? undefined : known;
}

/**
 * Why not even the flock of the file may be tried: others' files are not ours to touch, and the flock of an empty one belongs
 * to its creator, who is about to take it. (Were it refused, nobody would be left to fill or remove the file.)
 */
function untouchable(content: Content, opened: Opened, emptyForMs: number): Bar | undefined {
  if (content.kind === "foreign") return "foreign";
  if (content.kind !== "empty" || opened.created) return undefined;
  return Math.max(emptyForMs, Date.now() - sys().statOf(opened.fd).mtimeMs) < emptyGraceMs ? "empty" : undefined;
}

/** Step 5. A file that cannot hold our record (disk full) is taken away again: nobody else has a right to it. */
function takeOver(path: string, opened: Opened, owner: OwnerRecord, leastBytes: number): void {
  try {
    writeAtStart(opened.fd, encode(owner, leastBytes));
  } catch (error) {
    sys().unlink(path);
    throw cannotLock(path, error);
  }
}
