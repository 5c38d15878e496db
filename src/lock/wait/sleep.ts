/**
 * Waiting, on a thread that may block: in the turnstile's line first, then in the kernel's flock on the lock file, so that
 * the wake-up comes from the kernel at the moment of the release (or of the holder's death) and nothing is polled.
 *
 * Only a lock file that is free and yet not ours to take is looked at in growing intervals: nobody has its flock, so nothing
 * would wake us. And now and then somebody interrupts the sleep (block.ts, threads.ts), for what else would not end
 * it: the end of the wait, a lock file that was removed under its holder, a waiter that was stopped in front of a free lock.
 */

import { isNamed, type Opened } from "../file.ts";
import { removeLeftover } from "../leftover.ts";
import { notOurs } from "../lock-errors.ts";
import { attempt, attemptOnce, type Bar, type HeldLock, type LockClaim, settle } from "../lockfile.ts";
import { commandLives, encodeOwner, newOwner } from "../owner.ts";
import { sleepInFlock } from "../system/kernel.ts";
import { sys } from "../system/sys.ts";
import { lineUp, type TurnstilePlace, turnstileOf } from "./turnstile.ts";
import { looker } from "./woken-early.ts";

/** How the sleeper is told to stop, and sleeps when the kernel has nothing to wake it for. */
export interface Pause {
  /** Asked before every sleep, and after. */
  cancelled(): boolean;
  /** Blocks the thread for `ms`, or until cancelled. */
  sleep(ms: number): void;
  /** Called when the file turns out not to be lanes' own; again and again while it is so. */
  foreign?(): void;
}

/** An empty file usually has its record after some microseconds. */
const firstLookMs = 0.1;
const lastLookMs = 250;
/** What is free and not ours to write may be in transit, from one to another of those who may. */
const transitMs = 200;

/** Waits until the lock is held; undefined if it was cancelled. @throws LanesError as {@link attempt} does. */
export function waitForLock(path: string, claim: LockClaim, pause: Pause): HeldLock | undefined {
  const place = lineUp(turnstileOf(path));
  let held: HeldLock | undefined;
  try {
    held = waitInLine(path, place, claim, pause);
  } finally {
    place.leave();
  }
  if (held === undefined) removeLeftover(path, claim.command);
  return held;
}

function waitInLine(path: string, place: TurnstilePlace, claim: LockClaim, pause: Pause): HeldLock | undefined {
  const isToOvertake = looker(path, place);
  while (!pause.cancelled()) {
    if (place.sleep() === "first") return waitAtTheLock(path, claim, pause);
    const held = isToOvertake() ? attemptOnce(path, claim) : undefined;
    if (held !== undefined) return held;
  }
  return undefined;
}

function waitAtTheLock(path: string, claim: LockClaim, pause: Pause): HeldLock | undefined {
  let lookMs = firstLookMs;
  let barredMs = 0;
  let barred: Bar | undefined;
  while (!pause.cancelled()) {
    let outcome: ReturnType<typeof attempt> | undefined = attempt(path, claim, barred === "empty" ? barredMs : 0);
    if (outcome.state === "busy") outcome = sleepOn(path, outcome.opened, claim, pause);
    if (outcome?.state === "held") return outcome;
    if (outcome?.state !== "barred") {
      lookMs = firstLookMs;
      barred = undefined;
      continue;
    }
    if (outcome.why !== barred) barredMs = 0;
    barred = outcome.why;
    if (barred === "foreign") pause.foreign?.();
    if (barred === "readonly" && barredMs >= transitMs) throw notOurs(path);
    pause.sleep(lookMs);
    barredMs += lookMs;
    lookMs = Math.min(lookMs * 2, lastLookMs);
  }
  return undefined;
}

let rehearsed = false;

/** Prepares what follows the waking up: most of it takes longer the first time, and now nobody waits for it. */
function prepare({ command, token, inherit }: LockClaim): void {
  const owner = newOwner(command, token, inherit);
  encodeOwner(owner);
  if (!rehearsed) commandLives({ ...owner, inherit: true, child: owner.pid, childStarted: owner.started });
  rehearsed = true;
}

/** Sleeps on a lock file somebody holds. Undefined: it is another file by now, or the wait was cancelled. */
function sleepOn(path: string, opened: Opened, claim: LockClaim, pause: Pause): ReturnType<typeof settle> {
  prepare(claim);
  while (sleepInFlock(opened.fd) === "interrupted") {
    if (pause.cancelled() || !isNamed(path, opened)) {
      sys().close(opened.fd);
      return undefined;
    }
  }
  return settle(path, opened, claim);
}
