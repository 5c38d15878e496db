/**
 * The one thing a file cannot tell and the kernel can: whether whoever locked it is still there. `flock(2)`, and what
 * wakes a thread that sleeps in it.
 *
 * flock belongs to the open file description: it is freed when the last descriptor of it is closed, by whatever means the
 * processes that had it ended, and by LOCK_UN at once for all of them. (https://man7.org/linux/man-pages/man2/flock.2.html)
 */
import type { Pointer } from "bun:ffi";
import { LanesError } from "../../errors.ts";
import { addressOf } from "../../os/bun.ts";
import { errno } from "../../os/libc.ts";
import { isMac } from "../../os/platform.ts";
import { openLibc } from "./libc.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;
const EINTR = 4;
const EWOULDBLOCK = isMac ? 35 : 11;
/** Ignored by default, and used by nothing in Bun: sent by mistake it would do no harm. */
const SIGURG = isMac ? 16 : 23;
const SIGALRM = 14;
const ITIMER_REAL = 0;
const SIG_UNBLOCK = isMac ? 2 : 1;

/** What everybody needs, and what only those who wait do: to open a function takes longer than to call it. */
const functions = {
  flock: { args: ["i32", "i32"], returns: "i32" },
} as const;
const wakingFunctions = {
  getpid: { args: [], returns: "i32" },
  signal: { args: ["i32", "ptr"], returns: "ptr" },
  siginterrupt: { args: ["i32", "i32"], returns: "i32" },
  pthread_sigmask: { args: ["i32", "buffer", "ptr"], returns: "i32" },
  setitimer: { args: ["i32", "buffer", "ptr"], returns: "i32" },
  pthread_self: { args: [], returns: "u64" },
  pthread_kill: { args: ["u64", "i32"], returns: "i32" },
} as const;

let opened: ReturnType<typeof openLibc<typeof functions>> | undefined;
let openedWaking: ReturnType<typeof openLibc<typeof wakingFunctions>> | undefined;

function libc(): NonNullable<typeof opened> {
  opened ??= openLibc(functions);
  return opened;
}

function waking(): NonNullable<typeof openedWaking> {
  openedWaking ??= openLibc(wakingFunctions);
  return openedWaking;
}

/** How an flock ended; `interrupted` only for the one that sleeps. */
export type Flock = "locked" | "busy" | "interrupted";

function flock(fd: number, operation: number): Flock {
  if (libc().flock(fd, operation) === 0) return "locked";
  const number = errno();
  if (number === EWOULDBLOCK) return "busy";
  if (number === EINTR) return "interrupted";
  throw new LanesError("lock.flock", { errno: number });
}

/** Takes the exclusive flock of a descriptor if nobody else has it; never sleeps. @throws LanesError if the file system has none. */
export function tryFlock(fd: number): boolean {
  for (;;) {
    const outcome = flock(fd, LOCK_EX | LOCK_NB);
    if (outcome !== "interrupted") return outcome === "locked";
  }
}

/** Sleeps until this thread has the exclusive flock, or was woken by {@link wakeThread}. Blocks the calling thread. */
export function sleepInFlock(fd: number): "locked" | "interrupted" {
  return flock(fd, LOCK_EX) === "locked" ? "locked" : "interrupted";
}

/** Gives the flock up for every process that shares the description, a daemon that inherited it included. */
export function unlockFlock(fd: number): void {
  flock(fd, LOCK_UN);
}

/** The calling thread, for {@link wakeThread}. */
export function threadId(): bigint {
  return BigInt(waking().pthread_self());
}

/**
 * Makes {@link wakeThread} work in this process: a signal handler that does nothing (getpid, which may be called at any
 * moment), installed so that it interrupts a sleeping system call instead of restarting it. An exec resets it.
 */
export function prepareToWake(): void {
  interruptOn(SIGURG);
}

function interruptOn(signalNumber: number): void {
  const { signal, siginterrupt, getpid } = waking();
  signal(signalNumber, addressOf<Pointer>(getpid));
  siginterrupt(signalNumber, 1);
}

/** Interrupts the flock a thread of this process sleeps in; without effect if it does not sleep at this moment. */
export function wakeThread(thread: bigint): void {
  waking().pthread_kill(thread, SIGURG);
}

/** An alarm that comes just before the sleep it is to interrupt is lost: so it comes again and again, this often. */
const insistMs = 50;

const timer = new Int32Array(8);

/** Makes {@link alarmAfter} work: as {@link prepareToWake}, and also if whoever started us had the signal blocked. */
export function prepareAlarm(): void {
  interruptOn(SIGALRM);
  const set = new Uint8Array(128); // sigset_t: a bit for each signal, from 1 on
  set[(SIGALRM - 1) >> 3] = 1 << ((SIGALRM - 1) & 7);
  waking().pthread_sigmask(SIG_UNBLOCK, set, null);
}

/** Interrupts whatever the main thread sleeps in after so many ms, and then again until it is set anew; null: not any more. */
export function alarmAfter(ms: number | null): void {
  const us = ms === null ? 0 : Math.max(1, Math.ceil(ms * 1e3));
  // struct itimerval, in 32-bit words: the interval, then the first time; both in seconds and, two words on, microseconds.
  timer.set([0, 0, us === 0 ? 0 : insistMs * 1e3, 0, Math.floor(us / 1e6), 0, us % 1e6, 0]);
  waking().setitimer(ITIMER_REAL, timer, null);
}
