/** What the record of demo `deadlock` says: who waited in vain, who had two locks at once, how many held one. */
import type { LaneEvent } from "../../recording/event.ts";
import { type Interval, maxOverlap } from "../analysis/intervals.ts";
import { holdsOf, waitsOf } from "../underlock.ts";

export interface LockRecord {
  readonly waits: readonly Interval[];
  /** The waits that ended without the lock; such a wait's end is recorded before its lane lets go of what it holds. */
  readonly gaveUp: readonly Interval[];
  /** The holds that began while the same lane held another lock. */
  readonly second: readonly Interval[];
  /** The most processes that held one and the same lock at one moment. */
  readonly maxHolders: number;
}

/** Reads the record of these locks. @param events by time, as Recording.events() gives them. */
export function lockRecord(events: readonly LaneEvent[], locks: readonly string[]): LockRecord {
  const byLock = locks.map((lock) => ({ waits: waitsOf(events, lock), holds: holdsOf(events, lock) }));
  const holds = byLock.flatMap((each) => each.holds);
  return {
    waits: byLock.flatMap((each) => each.waits),
    // The event that ends a wait is the lock's `hold` itself, or it was in vain.
    gaveUp: byLock.flatMap(({ waits, holds }) =>
      waits.filter(({ lane, toMs }) => !holds.some((hold) => hold.lane === lane && hold.fromMs === toMs)),
    ),
    second: holds.filter(({ lane, fromMs }) =>
      holds.some((first) => first.lane === lane && first.fromMs < fromMs && fromMs < first.toMs),
    ),
    maxHolders: Math.max(...byLock.map((each) => maxOverlap(each.holds))),
  };
}
