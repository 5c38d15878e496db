/**
 * Who has a lock open, and who waits for it, as the kernel shows it: every process that may be looked into, by the files it has
 * open and the locks it has on them (/proc/PID/fdinfo, proc_pid_fdinfo(5); Linux). For showing only: it takes a look through all
 * processes, and what belongs to other users is seen by root alone.
 */

import { procArguments, procDescriptor, procDescriptors, procPids, procText } from "../os/process/proc-of.ts";
import { nameOf } from "./path.ts";
import { flockWaiters, inodeOf } from "./system/proc-locks.ts";
import { sys } from "./system/sys.ts";
import { turnstileOf } from "./wait/turnstile.ts";

/** A process, as `status` shows it. */
export interface Contender {
  readonly pid: number;
  readonly command: readonly string[];
}

export interface LockQueue {
  /** Those that have the lock itself: one descriptor may be shared by several. */
  readonly holders: readonly Contender[];
  /** In the order of asking, as far as it is known. */
  readonly waiting: readonly Contender[];
}

/** Looks for them. @param file the absolute path of a lock file. */
export function queueOf(file: string): LockQueue {
  const stat = sys().statAt(file);
  const inode = stat && inodeOf(stat);
  const turnstile = turnstileOf(file);
  const line = turnstile && nameOf(turnstile);
  const asleep = stat === undefined ? [] : flockWaiters(stat);
  const holders = new Set<number>();
  const places = new Map<number, number>();
  for (const pid of procPids() ?? []) {
    for (const fd of procDescriptors(pid)) {
      const path = procDescriptor(pid, fd);
      const name = nameOf(path);
      if (name === line && path.startsWith("/tmp/lanes-")) places.set(pid, placeOf(locksOf(pid, fd)));
      if (name !== nameOf(file)) continue;
      // By its inode: links may lead to its folder.
      if (locksOf(pid, fd).some((lock) => lock.includes("FLOCK") && lock.includes(`:${inode} `))) holders.add(pid);
    }
  }
  // Who sleeps at the lock itself comes before those who stand in line behind; of another user's line nothing else is seen.
  for (const pid of asleep) places.set(pid, -1);
  const waiting = [...places].filter(([pid]) => !holders.has(pid) && pid !== process.pid);
  return {
    holders: [...holders].map(partyOf),
    waiting: waiting.sort(([, a], [, b]) => a - b).map(([pid]) => partyOf(pid)),
  };
}

/** `1: FLOCK  ADVISORY  WRITE 123 fe:01:1234 0 EOF`. */
function locksOf(pid: number, fd: number): string[] {
  const info = procText(`${pid}/fdinfo/${fd}`);
  return info.split("\n").filter((line) => line.startsWith("lock:"));
}

/** Where in the line: the last byte it has locked, which stands for the moment it came. */
function placeOf(locks: readonly string[]): number {
  const ends = locks.map((lock) => Number(/ (\d+)\s*$/.exec(lock)?.[1] ?? 0));
  return Math.max(0, ...ends);
}

const partyOf = (pid: number): Contender => ({ pid, command: procArguments(pid) });
