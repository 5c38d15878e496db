/** Waiting until a demo's record shows something, or the kernel does: never for ever, and never for a guessed time. */

import { kernelView } from "../os/process/process-table.ts";
import type { Process } from "../process/index.ts";
import { nowMs } from "../recording/clock.ts";
import type { Stage } from "./stage.ts";

/** What takes a millisecond has not happened if it takes this long, ms. */
const LIMIT_MS = 3_000;

/**
 * Resolves when the record shows it; or when it no longer can: the process it is about has ended too early, or `limitMs`
 * have passed (by default only if it has ended already). The demo's checks tell.
 * @throws what that process threw, or the signal's reason.
 */
export async function happened(stage: Stage, process: Process, shown: () => boolean, limitMs?: number): Promise<void> {
  const seen = Promise.withResolvers<void>();
  const look = () => shown() && seen.resolve();
  const unsubscribe = stage.recording.subscribe(look);
  const limit = limitMs ?? (process.isAlive ? undefined : LIMIT_MS);
  const timer = limit === undefined ? undefined : setTimeout(seen.resolve, limit);
  try {
    look();
    await stage.or(Promise.race(process.isAlive ? [seen.promise, process.join()] : [seen.promise]));
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
  if (process.error !== null) throw process.error;
}

/** Asks the kernel again and again. @returns whether it holds before `limitMs` have passed; else the signal's reason is thrown. */
export async function holds(stage: Stage, condition: () => boolean, limitMs = LIMIT_MS): Promise<boolean> {
  const asks = async () => {
    for (const endMs = nowMs() + limitMs; nowMs() < endMs && !stage.signal.aborted; await Bun.sleep(1))
      if (condition()) return true;
    return condition();
  };
  return stage.or(asks(), "timer");
}

/** Whether none of them runs any more. An ending process has closed its wire a moment before the kernel says it ended. */
export function haveEnded(stage: Stage, pids: readonly number[]): Promise<boolean> {
  return holds(stage, () => pids.every((pid) => kernelView(pid)?.zombie ?? true));
}
