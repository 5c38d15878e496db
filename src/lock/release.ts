/** Giving the lock back, and changing the record while it is held. lockfile.ts says what is done in which order, and why. */
import { letGo, type Opened, statAt, writeAtStart } from "./file.ts";
import { encodeHead, type OwnerRecord, tombstone } from "./owner.ts";
import { isSame, sys } from "./sys.ts";
import { cannotLock } from "./trouble.ts";

/** How the file was found when the lock was released: `removed` and `replaced` mean that somebody else broke the lock. */
export type Ending = "released" | "removed" | "replaced";

/** Releases a held lock; with `keep` the file stays, as a tombstone. */
export function release(path: string, opened: Opened, keep = false): Ending {
  try {
    const named = statAt(path);
    if (named === undefined) return "removed";
    if (!isSame(named, opened)) return "replaced";
    if (keep) writeAtStart(opened.fd, tombstone);
    else remove(path, opened);
    return "released";
  } catch (error) {
    throw cannotLock(path, error);
  } finally {
    letGo(opened);
  }
}

/** What cannot be removed any more has to say that it is free: its owner may live on. */
function remove(path: string, opened: Opened): void {
  try {
    sys().unlink(path);
  } catch (error) {
    writeAtStart(opened.fd, tombstone);
    throw error;
  }
}

/** Names the child in the record of a held lock. */
export function rewriteHead(path: string, opened: Opened, owner: OwnerRecord): void {
  try {
    writeAtStart(opened.fd, encodeHead(owner));
  } catch (error) {
    throw cannotLock(path, error);
  }
}
