/** What a traced process waited for most, in words. */
import { durationText } from "../../os/units.ts";
import type { TracedWait } from "../../recording/results/trace-result.ts";
import type { TracedLane } from "../../recording/trace-lanes.ts";
import { type Names, waitText } from "./trace-words.ts";

/** Waits below this part of a lane's life are not worth a word. */
const WORTH_SAYING = 0.1;

/** What was waited for most, and how long in all, ms. */
interface Waited {
  readonly waits: TracedWait;
  readonly ms: number;
}

/**
 * All waits for one thing are one, whoever had it meanwhile; who had it is said where that was always the same. Null if it hardly
 * waited.
 */
export function mostWaited({ stretches, startMs, endMs }: TracedLane, nowMs: number): Waited | null {
  const sums = new Map<string, Waited>();
  for (const { waits, fromMs, toMs } of stretches) {
    if (waits === undefined) continue;
    const { why, on, by } = waits;
    const key = on === "" ? `${why} by ${by}` : `${why} ${on}`;
    const sum = sums.get(key);
    const one = sum === undefined || sum.waits.by === by ? waits : { ...waits, by: 0 };
    sums.set(key, { waits: one, ms: (sum?.ms ?? 0) + toMs - fromMs });
  }
  const [most = null] = [...sums.values()].sort((a, b) => b.ms - a.ms);
  return most === null || most.ms < WORTH_SAYING * ((endMs ?? nowMs) - startMs) ? null : most;
}

/** `1.20 s for P3 to end`; empty if it hardly waited. */
export function mostWaitedText(lane: TracedLane, nowMs: number, names: Names): string {
  const most = mostWaited(lane, nowMs);
  return most === null ? "" : `${durationText(most.ms)} ${waitText(most.waits, names)}`;
}
