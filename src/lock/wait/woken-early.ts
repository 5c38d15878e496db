/**
 * What a sleeper looks at when it was woken without being next: a waiter that was stopped before it, while the lock is free,
 * will not take it, and must not keep it from those behind. Seldom, and only by reading.
 */
import { status } from "../status.ts";
import type { TurnstilePlace } from "./turnstile.ts";

/** When to look, ms after the look before; the last one repeats: five hundred waiters have to cost next to nothing. */
export const looksMs = [1000, 1000, 2000, 4000, 8000, 16_000, 30_000];

/** Who is next needs so long to take a free lock only if it does not run. */
const patienceMs = 500;

/** One waiter's looks: whether to overtake now. The lock was free, behind the same one, a while ago and still is. */
export function looker(path: string, place: TurnstilePlace): () => boolean {
  let stalled: { readonly before: string; readonly sinceMs: number } | undefined;
  return () => {
    const before = place.before();
    if (before === undefined || !looksFree(path)) stalled = undefined;
    else if (stalled?.before !== before) stalled = { before, sinceMs: performance.now() };
    return stalled !== undefined && performance.now() - stalled.sinceMs >= patienceMs;
  };
}

function looksFree(path: string): boolean {
  try {
    const { state } = status(path);
    return state === "free" || state === "stale";
  } catch {
    return false;
  }
}
