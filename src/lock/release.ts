/** Giving the lock back, and changing the record while it is held. lockfile.ts says what is done in which order, and why. */
import { errnoCode } from "../errors.ts";
import { letGoOfFile, type Opened, statAt, writeAtStart } from "./file.ts";
import { cannotLock } from "./lock-errors.ts";
import { encodeHead, lastingTombstone, type OwnerRecord, tombstone } from "./owner.ts";
import { sys } from "./system/sys.ts";
import { isSame } from "./system/sys-calls.ts";

/** How the file was found when the lock was released: `removed` and `replaced` mean that somebody else broke the lock. */
export type ReleaseOutcome = "released" | "removed" | "replaced";

/** Whether the file stays, as a tombstone: this once, or also when the next one releases it. */
export type Keep = "no" | "once" | "always";

/** Releases a held lock. */
export function release(path: string, opened: Opened, keep: Keep = "no"): ReleaseOutcome {
  try {
    const named = statAt(path);
    if (named === undefined) return "removed";
    if (!isSame(named, opened)) return "replaced";
    if (keep === "no") remove(path, opened);
    else writeAtStart(opened.fd, keep === "once" ? tombstone : lastingTombstone);
    return "released";
  } catch (error) {
    throw cannotLock(path, error);
  } finally {
    letGoOfFile(opened);
  }
}

/**
 * What cannot be removed has to say that it is free: its owner may live on. In a folder that is not ours to write the file was
 * provided for us, or belongs to somebody else (sticky bit): it stays, and that is as it should be.
 */
function remove(path: string, opened: Opened): void {
  try {
    sys().unlink(path);
  } catch (error) {
    writeAtStart(opened.fd, tombstone);
    if (!["EACCES", "EPERM"].includes(errnoCode(error) ?? "")) throw error;
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
