/**
 * Waiting with the main thread itself, for a program that has nothing else to do meanwhile: `lanes lock`. The wake-up comes
 * straight to whoever is going to act on it, no second thread is started, and the event loop with its timers stands still: a
 * sleeping waiter costs no more than any process that sleeps in a system call.
 *
 * No JavaScript runs meanwhile, signal handlers neither: the signals that are to end the wait have to have their default
 * action, which ends the process at once. It has nothing to clean up; its place and its descriptors the kernel takes back.
 */

import type { HeldLock, LockClaim } from "../lockfile.ts";
import { alarmAfter, prepareAlarm } from "../system/kernel.ts";
import { type Pause, waitForLock } from "./sleep.ts";
import { looksMs } from "./woken-early.ts";

/**
 * Waits `waitMs` at the most; `foreign` as {@link Pause} says; `onLong` is called once, when it has taken a second. Undefined:
 * that is over. @throws LanesError as {@link waitForLock} does.
 * @lazy
 */
export function waitBlocked(
  path: string,
  claim: LockClaim,
  waitMs = Number.POSITIVE_INFINITY,
  foreign: Pause["foreign"] = () => {},
  onLong: () => void = () => {},
): HeldLock | undefined {
  const until = performance.now() + waitMs;
  let look = 0;
  let nextLook = 0;
  prepareAlarm();
  try {
    return waitForLock(path, claim, {
      cancelled() {
        const now = performance.now();
        if (now >= nextLook) {
          if (look === 1) onLong();
          nextLook = now + (looksMs[Math.min(look++, looksMs.length - 1)] ?? 0);
          alarmAfter(Math.min(nextLook, until) - now);
        }
        return now >= until;
      },
      sleep: (ms) => Bun.sleepSync(Math.max(0, Math.min(ms, until - performance.now()))),
      foreign,
    });
  } finally {
    alarmAfter(null);
  }
}
