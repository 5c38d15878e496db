/**
 * Looking, from the main thread, whether a sleeper sleeps on something that still counts. Two things would not wake it: a lock
 * file that was removed under its holder, and a waiter that was stopped at the head of the line before a lock that is free.
 * Seldom, and only by reading; a sleeper in line is woken only when it has to overtake, for being woken costs it its place.
 */
import type { Place } from "./sleep.ts";
import { status } from "./status.ts";
import { headOf, turnstileOf } from "./turnstile.ts";

/** When to look, ms after the look before; the last one repeats: five hundred waiters have to cost next to nothing. */
export const looksMs = [1000, 1000, 2000, 4000, 8000, 16_000, 30_000];

/** One waiter's looks: whether to wake it now, given where it sleeps. */
export function looker(path: string): (place: Place) => boolean {
  let stalled: string | undefined;
  return (place) => {
    if (place === "lock") return true; // nobody is behind it in that queue: it may as well look itself
    const head = headOf(turnstileOf(path));
    const free = head !== undefined && looksFree(path);
    const overtake = free && head === stalled;
    stalled = free ? head : undefined;
    return overtake;
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
