/** Who holds a lock, told without touching it. */
import { emptyGraceMs } from "./lockfile.ts";
import { fate, type OwnerRecord } from "./owner.ts";
import { absolute } from "./path.ts";
import { peek } from "./peek.ts";

/** `stale`: the owner is gone, the next one adopts it. `foreign`: not a lock of lanes, so nobody's to judge. */
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

/** The state of a lock file, this moment. @throws LanesError if there can be no lock at this path. */
export function status(path: string): LockStatus {
  const file = absolute(path);
  const { kind, owner, inode, ageMs } = peek(file);
  const answer = (state: LockState, verified = true): LockStatus => ({ file, state, owner, verified });
  switch (kind) {
    case "none":
    case "released":
      return answer("free");
    case "foreign":
      return answer("foreign");
    case "empty":
      return answer(ageMs < emptyGraceMs || kernelSaysHeld(inode) ? "held" : "stale");
    case "owner": {
      const known = owner === null ? "unknown" : fate(owner);
      if (known === "gone") return answer(kernelSaysHeld(inode) ? "held" : "stale");
      return answer("held", known === "alive");
    }
  }
}

/**
 * Whether an flock on this inode is listed in /proc/locks: a process that inherited the descriptor still has it, although
 * those the record names are gone. Only ever adds certainty: a container hides locks of the dead, macOS has no such list.
 */
function kernelSaysHeld(inode: bigint): boolean {
  try {
    const line = new RegExp(`FLOCK .* [0-9a-f]+:[0-9a-f]+:${inode} `);
    return process
      .getBuiltinModule("node:fs")
      .readFileSync("/proc/locks", "latin1")
      .split("\n")
      .some((entry) => line.test(entry));
  } catch {
    return false;
  }
}
