/** A recording's events as one steps through them: what an event tells of earlier is put where it happened. */
import type { LaneEvent } from "./event.ts";

/**
 * The events by time, and beside them, in a map: where a chunk began (its event tells of it at its end: it began so long
 * before, or when the last one ended), and where a worker that has loaded the module waits for its first items.
 */
export function inSteps(events: readonly LaneEvent[]): readonly LaneEvent[] {
  if (!events.some(({ type }) => type === "chunk")) return events;
  const freeMs = new Map<string, number>();
  const steps = events.flatMap((event): LaneEvent[] => {
    const { t, lane, pid, ppid } = event;
    if (event.type === "ready" || event.type === "spawn") freeMs.set(lane, t);
    if (event.type === "ready") return [event, { type: "idle", t, lane, pid, ppid }];
    if (event.type !== "chunk") return [event];
    const fromMs = Math.min(t, Math.max(t - event.ms, freeMs.get(lane) ?? 0));
    freeMs.set(lane, t);
    const { first, count } = event;
    return [{ type: "begin", first, count, t: fromMs, lane, pid, ppid }, event];
  });
  return steps.sort((a, b) => a.t - b.t);
}
