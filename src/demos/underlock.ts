/** Work under the lock of data.json, recorded: a `wait` if it has to wait, `hold`, `release`. */
import { breakLock, type LockHandle, lock } from "../lock/index.ts";
import { currentProcess } from "../process/index.ts";
import type { LaneEvent } from "../timeline/event.ts";
import { type Interval, intervalsOf } from "./intervals.ts";
import type { Stage } from "./stage.ts";

/** The lock file, as events name it. */
const LOCK_NAME = "data.json.lock";

const ofLock = (event: LaneEvent) => "on" in event && event.on === LOCK_NAME;

/**
 * Does `work` while this process holds the lock beside `file`. `hold` is recorded after the lock was taken and `release`
 * before it is given back: what the record shows is never longer than what was.
 */
export async function underLock<T>(
  file: string,
  work: (held: LockHandle) => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  const me = currentProcess();
  const held = await lock(`${file}.lock`, {
    onWait: (owner) => {
      me.emit({ type: "wait", on: LOCK_NAME, ...(owner === null ? {} : { owner: owner.pid }) });
      onWait?.();
    },
  });
  me.emit({ type: "hold", on: LOCK_NAME });
  try {
    return await work(held);
  } finally {
    me.emit({ type: "release", on: LOCK_NAME });
    held.release();
  }
}

/** Who held the lock from when to when, by the record. */
export function holdsOf(events: readonly LaneEvent[]): Interval[] {
  return intervalsOf(
    events,
    (event) => event.type === "hold" && ofLock(event),
    (event) => event.type === "release" && ofLock(event),
  );
}

/** Who waited for the lock from when to when, by the record. */
export function waitsOf(events: readonly LaneEvent[]): Interval[] {
  return intervalsOf(
    events,
    (event) => event.type === "wait" && ofLock(event),
    (event) => event.type === "hold" && ofLock(event),
  );
}

/** Removes the lock file of a process that was stopped while it held it, when the demo is over. */
export function tidyLock(stage: Stage, file: string): void {
  stage.tidyUp(() => void breakLock(`${file}.lock`));
}
