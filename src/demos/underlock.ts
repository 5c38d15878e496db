/** Locks taken and given back on the record: a `wait` if one has to wait, `hold`, `release`. */
import { basename } from "node:path";
import { breakLock, type LockHandle, type LockWaitOptions, lock, status } from "../lock/index.ts";
import { currentProcess } from "../process/index.ts";
import type { LaneEvent } from "../recording/event.ts";
import { type Interval, intervalsOf } from "./analysis/intervals.ts";
import type { Stage } from "./stage.ts";

/** The lock file of data.json, as events name it. */
const DATA_LOCK = "data.json.lock";

/** A lock this process holds, on the record, until it is disposed of. */
export interface RecordedLock extends Disposable {
  readonly held: LockHandle;
}

/**
 * Takes a lock, which events name by its file's name. `hold` is recorded after it was taken and `release` before it is given
 * back: what the record shows is never longer than what was. A wait that ends in vain is followed by a `run`.
 * @throws what lock() throws.
 */
export async function takeLock(
  path: string,
  options: Pick<LockWaitOptions, "wait" | "onWait"> = {},
): Promise<RecordedLock> {
  const me = currentProcess();
  const on = basename(path);
  let waits = false;
  try {
    const held = await lock(path, {
      wait: options.wait,
      onWait: (owner) => {
        waits = true;
        me.emit({ type: "wait", on, ...(owner === null ? {} : { owner: owner.pid }) });
        options.onWait?.(owner);
      },
    });
    me.emit({ type: "hold", on });
    return {
      held,
      [Symbol.dispose]() {
        me.emit({ type: "release", on });
        held.release();
      },
    };
  } catch (error) {
    if (waits) me.emit({ type: "run" });
    throw error;
  }
}

/** Does `work` while this process holds the lock beside `file`. */
export async function underLock<T>(
  file: string,
  work: (held: LockHandle) => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  using taken = await takeLock(`${file}.lock`, { onWait });
  return await work(taken.held);
}

/** Who held a lock from when to when, by the record. */
export function holdsOf(events: readonly LaneEvent[], on = DATA_LOCK): Interval[] {
  return intervalsOf(
    events,
    (event) => event.type === "hold" && event.on === on,
    (event) => event.type === "release" && event.on === on,
  );
}

/** Who waited for a lock from when to when, by the record: until it held the lock, or went on without it. */
export function waitsOf(events: readonly LaneEvent[], on = DATA_LOCK): Interval[] {
  return intervalsOf(
    events,
    (event) => event.type === "wait" && event.on === on,
    (event) => (event.type === "hold" && event.on === on) || event.type === "run",
  );
}

/**
 * Removes, when the demo is over, the lock files of processes that were stopped: those that name a dead owner, and those
 * that are still empty, because their process was stopped while it made them. Anybody else's stays as it is.
 */
export function tidyLocks(stage: Stage, ...paths: readonly string[]): void {
  stage.tidyUp(() => {
    for (const path of paths) {
      const { state, owner } = status(path);
      const justMade = state === "held" && owner === null;
      if (state === "stale" || state === "free" || justMade) breakLock(path, { force: justMade });
    }
  });
}
