/**
 * Process groups as the kernel has them. A group goes on existing as long as one of its processes does, be it a zombie
 * that nobody has collected yet; what matters to whoever waits for a group to end is whether anything in it still runs.
 */
import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { rawKill } from "../../os/bun.ts";

/** What the kernel tells about a process (proc_pid_stat(5)). */
interface Status {
  readonly pid: number;
  readonly group: number;
  /** It has ended, and waits for its parent to take note of it. */
  readonly zombie: boolean;
}

/** Sends a signal to a process, or a group (negative). 0 only asks. @returns whether there is such a thing. */
export function signalTarget(target: number, signal: NodeJS.Signals | 0): boolean {
  // kill(2) takes 0 for one's own group and -1 for everything there is: no mistake of ours may ever mean those.
  if (!Number.isInteger(target) || Math.abs(target) <= 1) return false;
  const number = signal === 0 ? 0 : constants.signals[signal];
  const result = rawKill(target, number);
  return result === 0 || Math.abs(result) === constants.errno.EPERM; // it runs as somebody else
}

/** Whether any process of a group runs; a zombie does not. Looks through all processes if the group exists at all. */
export function isGroupRunning(group: number): boolean {
  if (!signalTarget(-group, 0)) return false;
  const all = processes();
  return all === null || all.some((status) => status.group === group && !status.zombie);
}

/** All processes; null where there is no /proc. */
export function processes(): Status[] | null {
  try {
    return readdirSync("/proc").flatMap((name) => {
      const status = /^\d+$/.test(name) ? statusOf(Number(name)) : null;
      return status === null ? [] : [status];
    });
  } catch {
    return null;
  }
}

function statusOf(pid: number): Status | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name stands in parentheses and may hold anything: state, ppid and group follow the last one.
    const [state = "", , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3);
    return { pid, group: Number(group), zombie: "ZX".includes(state) };
  } catch {
    return null; // gone meanwhile
  }
}
