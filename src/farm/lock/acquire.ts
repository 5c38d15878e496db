/**
 * Waiting for a lock in the database: first come, first served. Who frees it wakes the next one by NOTIFY, which only shortens the
 * wait: it can be lost (a restart, a pooler), so whoever waits also asks again by himself.
 */
import { bootMs } from "../../os/boot-clock.ts";
import { Bell } from "../bell.ts";
import { ANSWER_MS, type FarmConnection, Listener } from "../connection.ts";
import type { Contact } from "../contact.ts";
import { lastMoment } from "./lease.ts";
import {
  type Acquired,
  type LeaseClaim,
  type LeaseRefusal,
  LOCK_CHANNEL,
  leaveLine,
  tryFarmLock,
} from "./statements.ts";

/** At the latest so long after the last answer it is asked again, ms. */
const ASK_MS = 1_000;
/** A lease is over a moment later than it says, by another clock. */
const AFTER_MS = 5;
/** However little time is left, an answer gets so much, ms. */
const LEAST_MS = 1_000;

export interface AcquireOptions {
  /** The most to wait, ms; undefined: for ever. */
  readonly waitMs: number | undefined;
  /** Aborted: the wait is given up. */
  readonly signal: AbortSignal;
  /** It was not to be had, this time. What it throws ends the wait. */
  onWait(refusal: LeaseRefusal): void;
}

/** The lock was not to be had in time. */
export interface Missed {
  readonly missed: LeaseRefusal | undefined;
}

/**
 * Gets it. @returns what was missed if it was not obtained in time, or the wait was given up: then we are not in the line any more.
 * @throws what the connection throws, if it will not pass.
 */
export async function acquire(
  connection: FarmConnection,
  claim: LeaseClaim,
  waiter: AcquireOptions,
  contact: Contact,
): Promise<Acquired | Missed> {
  const found = await inLine(connection, claim, waiter, contact).catch((error: unknown) => ({ error }));
  if ("fence" in found) return found;
  // In vain it is not worth waiting for: the database forgets us when our place in the line has become old.
  await leaveLine(connection, claim, ANSWER_MS).catch(() => {});
  if ("error" in found) throw found.error;
  return found;
}

async function inLine(
  connection: FarmConnection,
  claim: LeaseClaim,
  waiter: AcquireOptions,
  contact: Contact,
): Promise<Acquired | Missed> {
  const beganMs = bootMs();
  const giveUpMs = waiter.waitMs === undefined ? Number.POSITIVE_INFINITY : beganMs + waiter.waitMs;
  const bell = new Bell();
  const ring = () => bell.ring();
  waiter.signal.addEventListener("abort", ring, { once: true });
  const question = contact.question();
  let listener: Listener | undefined;
  let missed: LeaseRefusal | undefined;
  try {
    for (;;) {
      bell.reset();
      const sentMs = bootMs();
      let pauseMs: number;
      try {
        const withinMs = Math.min(ANSWER_MS, Math.max(LEAST_MS, giveUpMs - sentMs));
        const answer = await tryFarmLock(connection, claim, withinMs);
        question.answered();
        if (waiter.signal.aborted) return { missed };
        if ("fence" in answer) {
          const untilMs = sentMs + claim.leaseMs;
          if (bootMs() < lastMoment(untilMs, claim.leaseMs)) return { ...answer, untilMs, waitedMs: sentMs - beganMs };
          continue; // the answer took so long that it may be over: the next one says
        }
        missed = answer;
        pauseMs = Math.min(ASK_MS, claim.leaseMs / 3, answer.leftMs + AFTER_MS);
        waiter.onWait(answer);
      } catch (error) {
        pauseMs = question.failed(error);
      }
      const leftMs = giveUpMs - bootMs();
      if (waiter.signal.aborted || leftMs <= 0) return { missed };
      if (listener === undefined) {
        // Who has to wait listens; once he does he asks again, for it may have been freed in between.
        const heard = (who: string) => who === claim.holder && bell.ring();
        listener = new Listener(connection.address, LOCK_CHANNEL, heard, ring);
        void listener.start();
      }
      await bell.heardWithin(Math.min(pauseMs, leftMs));
      if (waiter.signal.aborted) return { missed };
    }
  } finally {
    question.end();
    listener?.stop();
  }
}
