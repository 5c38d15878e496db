/**
 * In which system calls a process may sleep for long, and whether it wakes by itself (asm/unistd_64.h). Numbers are x64's;
 * nothing else here depends on the processor.
 */

/** nanosleep, clock_nanosleep. */
const sleeps: ReadonlySet<number> = new Set([35, 230]);
/** poll, select, pselect6, ppoll, epoll_wait …: which argument is the time, and what it is where there is none. */
const waits: Readonly<Record<number, readonly [argument: number, forEver: number]>> = {
  7: [2, -1],
  23: [4, 0],
  270: [4, 0],
  271: [2, 0],
  232: [3, -1],
  281: [3, -1],
  441: [3, 0],
  202: [3, 0],
  449: [3, 0],
  128: [2, 0],
  220: [3, 0],
  299: [4, 0],
};
export const FUTEX = 202;
const [POLL, PPOLL, SELECT, PSELECT] = [7, 271, 23, 270];
/** poll, select, pselect6, ppoll, epoll_wait, epoll_pwait, epoll_pwait2, accept, accept4, recvfrom, recvmsg. */
export const waitsForAny: ReadonlySet<number> = new Set([7, 23, 270, 271, 232, 281, 441, 43, 288, 45, 47]);
const FUTEX_COMMAND = 0x7f;
/** Of futex: FUTEX_WAIT, FUTEX_LOCK_PI, FUTEX_WAIT_BITSET take a time; of the others the argument is a number. */
const timedFutex: ReadonlySet<number> = new Set([0, 6, 9]);

/** Whether a sleep in this call ends by itself: a sleep that nothing else ends, or a wait with a time limit. */
export function timeOf(number: number, args: readonly number[]): "sleeps" | "limited" | "none" {
  if (sleeps.has(number)) return "sleeps";
  const known = waits[number];
  if (known === undefined) return "none";
  const [argument, forEver] = known;
  const time = args[argument] ?? 0;
  if ((time | 0) === forEver && time <= 0xffffffff) return "none";
  if (number === FUTEX && !timedFutex.has((args[1] ?? 0) & FUTEX_COMMAND)) return "none";
  const ofNothing = (number === POLL || number === PPOLL) && args[1] === 0;
  const ofNone = (number === SELECT || number === PSELECT) && args[0] === 0;
  return ofNothing || ofNone ? "sleeps" : "limited";
}
