/**
 * One clock for all processes of a machine: `performance.timeOrigin + performance.now()`. Each process reads the wall
 * clock once, at its start, and counts monotonic time from there; two processes agree to a few microseconds (measured
 * beside clock_gettime on Bun 1.4.5), unless someone sets the clock between their starts. `process.hrtime`, which in
 * Node.js is CLOCK_MONOTONIC, is not comparable between Bun processes: it was off by 8 ms a generation.
 */

import { toThousandth } from "../os/units.ts";

/** A moment, in ms since the epoch; comparable across processes, to about a microsecond. Never goes back. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Ms since an origin that this or another process took with {@link nowMs}, rounded to a microsecond. */
export function sinceMs(originMs: number): number {
  return toThousandth(nowMs() - originMs);
}
