/** `--timeout`: how long a job may take. */
import type { RunningMedian } from "./median.ts";

/** The most a job can take: a duration, or a share of what the median job takes. */
export type Timeout = { readonly ms: number } | { readonly share: number };

/** A share of the median is told from this many jobs on. */
const MEDIAN_FROM = 3;

/** How long a job may take, ms; null: as long as it likes. @param runtimes of those that ended well. */
export function limitOf(timeout: Timeout | null, { count, value }: RunningMedian): number | null {
  if (timeout === null || "ms" in timeout) return timeout?.ms ?? null;
  return count < MEDIAN_FROM || value === undefined ? null : value * timeout.share;
}
