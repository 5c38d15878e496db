/** How many jobs a worker takes ahead of its slots: short ones must not wait for the database, long ones not behind others. */

/** From this length on, ms, none; up to that one the most. */
const LONG_MS = 1_000;
const SHORT_MS = 50;
const MOST = 32;

/**
 * @param recentMs what its jobs have taken of late; undefined: nobody knows yet.
 * @param runningMs where all slots are taken, how long the job that was begun last has run already.
 */
export function aheadFor(recentMs: number | undefined, slots: number, runningMs: number): number {
  const ms = Math.max(recentMs ?? 0, runningMs);
  if (ms > LONG_MS) return 0;
  if (recentMs === undefined) return slots;
  return ms <= SHORT_MS ? Math.max(MOST, 2 * slots) : Math.floor((MOST * SHORT_MS) / ms);
}
