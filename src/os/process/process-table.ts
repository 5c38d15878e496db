/**
 * What the kernel says of processes, looked at from outside: the independent witness for what a process says of itself.
 * Linux: /proc/PID/stat (proc_pid_stat(5)); macOS: its own table (mac-processes.ts), or `ps` if no C may be called. Ask while
 * the process lives: pids are used again.
 */

import { isLinux } from "../platform.ts";
import { type MacProcess, macProcess, macProcesses, macUsage } from "./mac-processes.ts";
import { procPids, procStat, procText } from "./proc-of.ts";

export interface KernelView {
  readonly pid: number;
  readonly ppid: number;
  /** Its program's name as the kernel keeps it, at most 15 bytes on Linux; `systemd`, `init`, `lanes` … */
  readonly name: string;
  /** It has ended, and nobody has collected its exit yet. */
  readonly zombie: boolean;
  /** A signal has stopped it (SIGSTOP, Ctrl-Z), or a debugger. */
  readonly stopped: boolean;
  /** It computes, waits for a core, or for a disk: it is busy, however slowly it gets on. */
  readonly running: boolean;
  /** How much processor time it has had, in a unit of the kernel's; undefined where that cannot be told. */
  readonly ticks: number | undefined;
}

/** The process with this pid, or null if there is none. */
export function kernelView(pid: number): KernelView | null {
  return isLinux
    ? fromProc(pid)
    : asked(
        () => fromTable(pid),
        () => fromPs(pid),
      );
}

/** The pids above a process, nearest first; empty if it is gone. */
export function ancestorsOf(pid: number): number[] {
  const above: number[] = [];
  for (let view = kernelView(pid); view !== null && view.ppid > 0; view = kernelView(view.ppid)) above.push(view.ppid);
  return above;
}

/** What a process has of the machine, as the kernel says. */
export interface Vitals {
  readonly ppid: number;
  /** `R` runs, `S` sleeps, `D` waits for a device, `T` stopped, `Z` zombie … (the letters of ps and /proc). */
  readonly state: string;
  /** Resident memory, KiB; 0 for a zombie: it has none. */
  readonly rssKb: number;
  /** How a zombie has exited, where the kernel tells others than its parent. */
  readonly exitCode: number | null;
}

/** What the process with this pid has, or null if there is none. */
export function vitalsOf(pid: number): Vitals | null {
  return isLinux
    ? vitalsFromProc(pid)
    : asked(
        () => vitalsFromTable(pid),
        () => vitalsFromPs(pid),
      );
}

/** Resident memory of a process, KiB (`VmRSS`, proc_pid_status(5)); 0 if it has none, is gone, or nobody can tell. */
export function residentKb(pid: number): number {
  try {
    if (!isLinux) return Math.round((macUsage(pid)?.residentBytes ?? 0) / 1024);
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(procText(`${pid}/status`))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** A process among all. */
export interface ListedProcess {
  readonly pid: number;
  /** Its process group. */
  readonly group: number;
  /** It has ended, and waits for its parent to take note of it. */
  readonly zombie: boolean;
}

/** All processes; null where they cannot be listed. */
export function allProcesses(): ListedProcess[] | null {
  try {
    return isLinux ? listProc() : asked(macProcesses, listPs);
  } catch {
    return null;
  }
}

/** One way to ask, and another one where that cannot be gone. */
function asked<T>(first: () => T, second: () => T): T {
  try {
    return first();
  } catch {
    return second();
  }
}

function fromProc(pid: number): KernelView | null {
  const stat = procStat(pid);
  if (stat === null) return null;
  const { ppid, name, state, ticks } = stat;
  return {
    pid,
    ppid,
    name,
    zombie: state === "Z" || state === "X",
    stopped: state === "T" || state === "t",
    running: state === "R" || state === "D",
    ticks,
  };
}

function vitalsFromProc(pid: number): Vitals | null {
  const stat = procStat(pid);
  if (stat === null) return null;
  const { ppid, state, status } = stat;
  return { ppid, state, rssKb: residentKb(pid), exitCode: state === "Z" ? exitCodeOf(status) : null };
}

function listProc(): ListedProcess[] | null {
  const listed = procPids()?.flatMap((pid) => {
    const stat = procStat(pid);
    return stat === null ? [] : [{ pid, group: stat.group, zombie: "ZX".includes(stat.state) }];
  });
  return listed ?? null;
}

/** As wait(2) gives it: the code in the second byte, the signal that ended it in the first. Null: it was a signal. */
const exitCodeOf = (status: number): number | null => ((status & 0x7f) === 0 ? (status >> 8) & 0xff : null);

function fromTable(pid: number): KernelView | null {
  const found = macProcess(pid);
  if (found === undefined) return null;
  const usage = found.zombie ? undefined : macUsage(pid);
  const { ppid, name, zombie, stopped } = found;
  return { pid, ppid, name, zombie, stopped, running: usage?.running ?? false, ticks: usage?.ticks };
}

function vitalsFromTable(pid: number): Vitals | null {
  const found = macProcess(pid);
  if (found === undefined) return null;
  const { ppid, zombie, exitStatus } = found;
  const usage = zombie ? undefined : macUsage(pid);
  const rssKb = Math.round((usage?.residentBytes ?? 0) / 1024);
  return { ppid, state: stateOf(found, usage?.running), rssKb, exitCode: zombie ? exitCodeOf(exitStatus) : null };
}

const stateOf = ({ zombie, stopped }: MacProcess, running = false): string =>
  zombie ? "Z" : stopped ? "T" : running ? "R" : "S";

/** What `ps` says in these columns, a line a process; none if there is no such process. */
function ps(columns: string, ...which: string[]): string[] {
  const { stdout } = Bun.spawnSync(["ps", "-o", columns, ...which], { stderr: "ignore" });
  return stdout.toString().split("\n").filter(Boolean);
}

function fromPs(pid: number): KernelView | null {
  const [line = ""] = ps("ppid=,stat=,comm=", "-p", String(pid));
  const found = /^\s*(\d+)\s+(\S+)\s+(.*?)\s*$/.exec(line);
  if (found === null) return null;
  const [, ppid, state = "", command = ""] = found;
  const name = command.split("/").at(-1) ?? command;
  return {
    pid,
    ppid: Number(ppid),
    name,
    zombie: state.startsWith("Z"),
    stopped: state.startsWith("T"),
    running: /^[RU]/.test(state),
    ticks: undefined,
  };
}

function vitalsFromPs(pid: number): Vitals | null {
  const [line] = ps("ppid=,stat=,rss=", "-p", String(pid));
  if (line === undefined) return null;
  const [ppid, state = "", rss] = line.trim().split(/\s+/);
  return { ppid: Number(ppid), state: state[0] ?? "", rssKb: Number(rss), exitCode: null };
}

function listPs(): ListedProcess[] {
  return ps("pid=,pgid=,stat=", "-A").map((line) => {
    const [pid, group, state = ""] = line.trim().split(/\s+/);
    return { pid: Number(pid), group: Number(group), zombie: state.startsWith("Z") };
  });
}
