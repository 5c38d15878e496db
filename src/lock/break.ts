/** Removing a lock file nobody will release. */
import { LanesError } from "../errors.ts";
import { isNamed, letGoOfFile, type Opened, openExisting, readContent } from "./file.ts";
import { cannotLock } from "./lock-errors.ts";
import { commandLives } from "./owner.ts";
import { absolute } from "./path.ts";
import { type LockStatus, status } from "./status.ts";
import { tryFlock } from "./system/kernel.ts";
import { sys } from "./system/sys.ts";

/**
 * Removes a stale or foreign lock file, with its flock in hand, which proves that nobody holds it, and keeps it from being taken in
 * between; with `force` also one that is held: from then on two can be in.
 * @returns what was there. @throws LanesError if it is held and not forced.
 */
export function breakLock(path: string, options: { readonly force?: boolean } = {}): LockStatus {
  const file = absolute(path);
  for (;;) {
    const found = status(file);
    const opened = openExisting(file);
    if (opened === "denied") {
      // That somebody holds it is what status has seen, without opening it.
      if (!options.force) throw held(file, found);
      remove(file);
      return { ...found, state: "held" };
    }
    if (opened === undefined) return found;
    const isHeld = !tryFlock(opened.fd);
    try {
      if (!isNamed(file, opened)) continue;
      if (!isHeld && !hasCommand(opened)) {
        remove(file);
        // Seen from here it may have looked held.
        return found.state === "held" ? { ...found, state: "stale", verified: true } : found;
      }
      if (!options.force) throw held(file, found);
      remove(file);
      return { ...found, state: "held" };
    } finally {
      if (isHeld) sys().close(opened.fd);
      else letGoOfFile(opened);
    }
  }
}

/** Nobody has its flock, and yet somebody is at work under it. */
function hasCommand({ fd }: Opened): boolean {
  const { content } = readContent(fd);
  return content.kind === "owner" && commandLives(content.owner);
}

function remove(file: string): void {
  try {
    sys().unlink(file);
  } catch (error) {
    throw cannotLock(file, error);
  }
}

function held(path: string, { owner }: LockStatus): LanesError {
  if (owner === null) return new LanesError("lock.breakUnknown", { path });
  return new LanesError("lock.breakHeld", { path, pid: owner.pid, host: owner.host, command: owner.command.join(" ") });
}
