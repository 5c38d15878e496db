/** Why it was not faster, in one sentence: the first of these that holds, told with the numbers that were measured. */
import type { TraceResult, TraceVerdict } from "../recording/results/trace-result.ts";

/** All cores busy for this part of the time: nothing but less work makes it faster. */
const BUSY = 0.85;
/** Nobody ran, or one process alone, for this part of the time. */
const [IDLE, SERIAL] = [0.5, 0.5];
/** It could have run, and had no core, for this part of the time. */
const STARVED = 0.3;
/** All waits for locks together, as a part of the whole time. */
const LOCKED = 0.2;

/** The key of a message, and its values. */
export function verdictOf(facts: Omit<TraceResult, "verdict">): TraceVerdict {
  const { wallMs, cores, meanCoresBusy, idleShare, serialShare, longestWait, waitedMs, criticalPath } = facts;
  const percent = (share: number) => Math.round(share * 100);
  if (meanCoresBusy >= BUSY * cores)
    return {
      because: "busy",
      values: { cores, mean: meanCoresBusy.toFixed(2), percent: percent(meanCoresBusy / cores) },
    };
  const locked = (waitedMs.lock ?? 0) + (waitedMs.semaphore ?? 0);
  const lock = longestWait !== null && (longestWait.why === "lock" || longestWait.why === "semaphore");
  if (lock && locked >= LOCKED * wallMs) {
    const { pid, by, on, why } = longestWait;
    const file = why === "lock" ? on : "";
    const because = by === 0 ? "locked" : "lockedBy";
    return { because, values: { total: locked, pid, by, file, why } };
  }
  if (facts.starvedShare >= STARVED) return { because: "starved", values: { percent: percent(facts.starvedShare) } };
  if (idleShare >= IDLE) {
    if (longestWait === null) return { because: "idle", values: { percent: percent(idleShare) } };
    const { pid, why, on, by, ms } = longestWait;
    return { because: "waited", values: { percent: percent(idleShare), pid, why, on, by, ms } };
  }
  if (serialShare >= SERIAL && cores > 1) {
    const longest = criticalPath.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))[0];
    const limit = (1 / Math.max(serialShare + idleShare, 0.01)).toFixed(1);
    const { pid = 0, command = "" } = longest ?? {};
    return { because: "serial", values: { percent: percent(serialShare), limit, pid, command } };
  }
  const values = { mean: meanCoresBusy.toFixed(2), cores, one: percent(serialShare), none: percent(idleShare) };
  return { because: "mixed", values };
}
