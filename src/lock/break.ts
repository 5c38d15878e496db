/** Removing a lock file nobody will release. */
import { LanesError } from "../errors.ts";
import { isNamed, letGo, openExisting } from "./file.ts";
import { tryFlock } from "./kernel.ts";
import { absolute } from "./path.ts";
import { type LockStatus, status } from "./status.ts";
import { sys } from "./sys.ts";
import { cannotLock } from "./trouble.ts";

/**
 * Removes a stale or foreign lock file, with its flock in hand, so that it cannot be adopted in between; with `force` also one
 * that is held, or may be: from then on two can be in. @returns what was there. @throws LanesError if it is held and not forced.
 */
export function breakLock(path: string, options: { readonly force?: boolean } = {}): LockStatus {
  const file = absolute(path);
  for (;;) {
    const found = status(file);
    const opened = openExisting(file);
    if (opened === undefined) return found;
    if (found.state === "held" || !tryFlock(opened.fd)) {
      sys().close(opened.fd);
      if (!options.force) throw held(file, found);
      remove(file);
      return found;
    }
    try {
      if (!isNamed(file, opened)) continue;
      remove(file);
      return found;
    } finally {
      letGo(opened);
    }
  }
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
