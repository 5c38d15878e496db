/**
 * One clock for all processes: `process.hrtime` reads CLOCK_MONOTONIC, the same in every process of a machine, while
 * `performance.now()` counts from each process's own start. (https://man7.org/linux/man-pages/man3/clock_gettime.3.html)
 */

/** A moment on the machine's monotonic clock, in ms. Comparable across processes, meaningless across reboots. */
export function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** Ms since an origin that another process took with {@link nowMs}; rounded to a microsecond, the events' resolution. */
export function sinceMs(originMs: number): number {
  return Math.round((nowMs() - originMs) * 1e3) / 1e3;
}
