/** Who holds a lock, told without touching it. */
import { judgeEmpty } from "./lockfile.ts";
import { commandLives, fate, type OwnerRecord } from "./owner.ts";
import { absolute } from "./path.ts";
import { type Peek, peek } from "./reading.ts";
import { isTrusted } from "./system/filesystem.ts";
import { flockOf } from "./system/proc-locks.ts";

/**
 * `stale`: the owner is gone, the next one adopts it. `foreign`: not a lock of lanes, so nobody's to judge. `held` that is not
 * verified: the owner cannot be seen from here, and may be gone.
 */
export type LockState = "free" | "held" | "stale" | "foreign";

/** What {@link status} found. */
export interface LockStatus {
  /** The absolute path. */
  readonly file: string;
  readonly state: LockState;
  readonly owner: OwnerRecord | null;
  /** Whether what the owner record names could be checked: not on another host or in another pid namespace. */
  readonly verified: boolean;
}

/** The state of a lock file, this moment. @throws LanesError if there can be no lock at this path, or it may not be read. */
export function status(path: string): LockStatus {
  const file = absolute(path);
  let seen = peek(file);
  let found = judge(seen, file);
  // The kernel was asked some time after the file was read: what was held then may have been released since, and taken again.
  while (found.state === "stale") {
    const now = peek(file);
    if (now.kind === seen.kind && now.owner?.token === seen.owner?.token) break;
    seen = now;
    found = judge(seen, file);
  }
  return { file, owner: seen.owner, ...found };
}

function judge({ kind, owner, stat }: Peek, file: string): Pick<LockStatus, "state" | "verified"> {
  const answer = (state: LockState, verified = true) => ({ state, verified });
  if (kind === "none" || stat === undefined) return answer("free");
  if (kind === "foreign") return answer("foreign");
  const kernel = flockOf(stat);
  if (kernel === "held") return answer("held");
  if (owner === null) return answer(kind === "empty" && judgeEmpty(stat) === "empty" ? "held" : "free");
  if (commandLives(owner)) return answer("held");
  if (kernel === "free") return answer("stale");
  // The kernel shows us only the locks of processes that we see.
  const known = fate(owner, isTrusted(file));
  return known === "gone" ? answer("stale") : answer("held", known === "alive");
}
