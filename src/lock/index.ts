/** A mutex between processes, held through a file created exclusively: lockfile.ts says how, and what always holds. */
export { breakLock } from "./break.ts";
export { acquireSlot, type SemaphoreSlot, type SlotOptions, tryAcquireSlot } from "./coordination/semaphore.ts";
export { nextFile, type SemaphoreStatus, semaphoreStatus, slotFiles } from "./coordination/slots.ts";
export { LockHandle } from "./handle.ts";
export { type LockOptions, type LockWaitOptions, lock, tryLock } from "./lock.ts";
export { isHeldHere } from "./mine.ts";
export type { OwnerRecord } from "./owner.ts";
export { type Contender, type LockQueue, queueOf } from "./queue.ts";
export type { ReleaseOutcome } from "./release.ts";
export { type LockState, type LockStatus, status } from "./status.ts";
export { hasEnded } from "./system/identity.ts";
