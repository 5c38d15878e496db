/**
 * Process groups as the kernel has them. A group goes on existing as long as one of its processes does, be it a zombie
 * that nobody has collected yet; what matters to whoever waits for a group to end is whether anything in it still runs.
 */
import { rawKill } from "../../os/bun.ts";
import { allProcesses } from "../../os/process/process-table.ts";
import { signalNumber } from "../../os/signals.ts";

/** Not permitted: on every system of ours. */
const EPERM = 1;

/**
 * Sends a signal to a process, or a group (negative). 0 only asks. @returns whether there is such a thing: also where it may not
 * be signalled (EPERM), because it runs as somebody else, or, on macOS, is a group of zombies alone (killpg1 in bsd/kern/kern_sig.c
 * of XNU).
 */
export function signalTarget(target: number, signal: NodeJS.Signals | 0): boolean {
  // kill(2) takes 0 for one's own group and -1 for everything there is: no mistake of ours may ever mean those.
  if (!Number.isInteger(target) || Math.abs(target) <= 1) return false;
  const number = signal === 0 ? 0 : signalNumber(signal);
  const result = rawKill(target, number);
  return result === 0 || Math.abs(result) === EPERM;
}

/** Whether any process of a group runs; a zombie does not. Looks through all processes if the group exists at all. */
export function isGroupRunning(group: number): boolean {
  if (!signalTarget(-group, 0)) return false;
  const all = allProcesses();
  return all === null || all.some((status) => status.group === group && !status.zombie);
}
