/** From events to intervals of time, and how many of them lie over one another: who held the lock, who ran, and when. */
import type { LaneEvent } from "../../recording/event.ts";

/** When something began and ended, ms of the recording: from `fromMs` until just before `toMs`. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a lane did, and when: two intervals that only touch do not overlap. */
export interface Interval extends Span {
  readonly lane: string;
}

/**
 * What each lane did from an event that `opens` to the lane's next one that `closes`. An interval that was never closed
 * lasts for ever: whoever was not seen to let go is still holding.
 * @param events by time, as Recording.events() gives them.
 */
export function intervalsOf(
  events: readonly LaneEvent[],
  opens: (event: LaneEvent) => boolean,
  closes: (event: LaneEvent) => boolean,
): Interval[] {
  const open = new Map<string, number>();
  const intervals: Interval[] = [];
  for (const event of events) {
    const { lane, t } = event;
    const fromMs = open.get(lane);
    if (fromMs !== undefined && closes(event)) {
      intervals.push({ lane, fromMs, toMs: t });
      open.delete(lane);
    }
    if (opens(event) && !open.has(lane)) open.set(lane, t);
  }
  for (const [lane, fromMs] of open) intervals.push({ lane, fromMs, toMs: Number.POSITIVE_INFINITY });
  return intervals;
}

/** When each lane was at its work: from a `run` until it waited again, or ended. @param events by time. */
export function workOf(events: readonly LaneEvent[]): Interval[] {
  return intervalsOf(
    events,
    ({ type }) => type === "run",
    ({ type }) => type === "wait" || type === "exit",
  );
}

/** The largest number of intervals that contain one and the same moment. */
export function maxOverlap(intervals: readonly Interval[]): number {
  const edges = intervals.flatMap(({ fromMs, toMs }) => [
    { atMs: fromMs, step: 1 },
    { atMs: toMs, step: -1 },
  ]);
  edges.sort((a, b) => a.atMs - b.atMs || a.step - b.step); // at one moment those that end go first
  let now = 0;
  let most = 0;
  for (const { step } of edges) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}

/** How long it lasts, ms. */
export const lengthMs = ({ fromMs, toMs }: Interval): number => toMs - fromMs;

/** How long the longest of them lasts, ms; 0 of none. */
export function longestMs(intervals: readonly Interval[]): number {
  return intervals.reduce((longest, interval) => Math.max(longest, lengthMs(interval)), 0);
}
