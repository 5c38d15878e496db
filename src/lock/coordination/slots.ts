/** The slots of a semaphore as files: what they are called, who has them, and taking one that is free. semaphore.ts explains them. */
import { LanesError } from "../../errors.ts";
import type { LockHandle } from "../handle.ts";
import { type LockOptions, tryLock } from "../lock.ts";
import type { OwnerRecord } from "../owner.ts";
import { absolute } from "../path.ts";
import { type LockStatus, status } from "../status.ts";

/** What {@link semaphoreStatus} found. */
export interface SemaphoreStatus {
  /** The absolute path the slots' names begin with. */
  readonly file: string;
  /** `held` if no slot can be had. */
  readonly state: "free" | "held";
  readonly slots: readonly (LockStatus & { readonly slot: number })[];
  /** Who gets the next slot that comes free; null if nobody waits. */
  readonly next: OwnerRecord | null;
}

/** The lock files of a semaphore: its slots, in order. */
export const slotFiles = (path: string, slots: number): string[] =>
  Array.from({ length: slots }, (_, i) => `${absolute(path)}.${i + 1}`);

/** The lock of whoever is next. */
export const nextFile = (path: string): string => `${absolute(path)}.next`;

/** Who has the slots, and who is next, this moment; disturbs nobody. @throws LanesError if there can be no lock at this path. */
export function semaphoreStatus(path: string, slots: number): SemaphoreStatus {
  const states = slotFiles(path, slots).map((file, i) => ({ slot: i + 1, ...status(file) }));
  const next = status(nextFile(path));
  return {
    file: absolute(path),
    state: states.some(isFree) ? "free" : "held",
    slots: states,
    next: next.state === "held" ? next.owner : null,
  };
}

const isFree = ({ state }: LockStatus) => state === "free" || state === "stale";

/** Those who have a slot, as far as the files say. */
export const ownersOf = (files: readonly string[]) => files.flatMap((file) => status(file).owner ?? []);

/** `31200, 31204`, for people. */
export const pidsOf = (owners: readonly OwnerRecord[]): string => owners.map(({ pid }) => pid).join(", ") || "?";

/** Takes the first slot that is free, if there is one. @throws LanesError if there can be no lock at this path. */
export function tryAny(files: readonly string[], options: LockOptions): LockHandle | undefined {
  let refusal: LanesError | undefined;
  let refused = 0;
  for (const file of files) {
    try {
      const handle = tryLock(file, options);
      if (handle !== null) return handle;
    } catch (error) {
      // One slot may be another user's, and the next one not.
      if (!(error instanceof LanesError) || error.key !== "lock.notOurs") throw error;
      refusal = error;
      refused += 1;
    }
  }
  if (refusal !== undefined && refused === files.length) throw refusal;
  return undefined;
}

/** The slots that are not lanes' own files: nobody is going to release them. */
export const foreignOf = (files: readonly string[]) => files.filter((file) => status(file).state === "foreign");
