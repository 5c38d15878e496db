import type { LockHandle } from "../../lock/handle.ts";
import type { ReleaseOutcome } from "../../lock/release.ts";

/** A lock in a database, in a file's place. */
export interface OnFarm {
  /** An address, or a name for one. */
  readonly farm: string;
  /** How long it is held without a renewal, ms. */
  readonly leaseMs: number;
  /** What becomes of the command when the lock is not surely held any more. */
  readonly whenLost: "stop" | "continue";
}

/** What is to be run under which lock, and how. */
export interface LockedCommand {
  /** The lock file; on a farm the lock's name. */
  readonly file: string;
  readonly on?: OnFarm | undefined;
  /** How many may be in at once, each with a slot of its own (semaphore.ts); undefined: one, with the file itself. */
  readonly slots: number | undefined;
  readonly command: readonly string[];
  /** The most to wait, in ms; undefined: for ever. */
  readonly wait: number | undefined;
  /** The command, and what it starts, keep the lock if this process is killed. */
  readonly inherit: boolean;
  /** Leave the file there in the end. */
  readonly keep: boolean;
  readonly verbose: boolean;
  /** Do not even say that the file is not a lock's. */
  readonly quiet?: boolean;
}

/** A line for the person. */
export type Tell = (line: string) => void;

/** What the command runs under: the lock, and how to give it back. */
export interface TakenLock {
  readonly handle: LockHandle;
  release(): ReleaseOutcome;
}
