/** Telling what happens in a run: lanes are the slots, `P1` … */
import { nowMs, sinceMs } from "../recording/clock.ts";
import type { Happening, LaneEvent, Sink } from "../recording/event.ts";

/**
 * What tells a sink what happens, stamped with when and where; nothing, and at no cost, if there is none.
 * @returns takes the slot (0: lanes itself) and its process.
 */
export function telling(
  sink: Sink<"run"> | null,
): (slot: number, pid: number, happening: () => Happening<"run">) => void {
  if (sink === null) return () => {};
  const originMs = nowMs();
  return (slot, pid, happening) => {
    const lane = slot === 0 ? "main" : `P${slot}`;
    const ppid = slot === 0 ? process.ppid : process.pid;
    const { type, ...rest } = happening();
    sink({ type, t: sinceMs(originMs), lane, pid, ppid, ...rest } as LaneEvent<"run">);
  };
}
