/**
 * What the kernel says of a process, looked at from outside: the independent witness for what a process says of itself.
 * Linux: /proc/PID/stat (proc_pid_stat(5)); elsewhere `ps`. Ask while the process lives: pids are used again.
 */
import { readFileSync } from "node:fs";

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
  /** How much processor time it has had, in a unit of the kernel's; undefined where only ps could tell. */
  readonly ticks: number | undefined;
}

/** The process with this pid, or null if there is none. */
export function kernelView(pid: number): KernelView | null {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
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
  /** How a zombie has exited, where the kernel tells others than its parent (Linux). */
  readonly exitCode: number | null;
}

/** What the process with this pid has, or null if there is none. */
export function vitalsOf(pid: number): Vitals | null {
  if (process.platform !== "linux") {
    const [ppid, state = "", rss] = psFields(pid, "ppid=,stat=,rss=");
    return ppid === undefined
      ? null
      : { ppid: Number(ppid), state: state[0] ?? "", rssKb: Number(rss), exitCode: null };
  }
  const stat = readStat(pid);
  if (stat === null) return null;
  const [state = "", ppid] = stat.fields;
  const status = Number(stat.fields[49]); // as wait(2) gives it: the code in its second byte, the signal in the first
  const exited = state === "Z" && (status & 0x7f) === 0;
  return { ppid: Number(ppid), state, rssKb: residentKb(pid), exitCode: exited ? (status >> 8) & 0xff : null };
}

/** Resident memory of a process, KiB (`VmRSS`, proc_pid_status(5)); 0 if it has none, is gone, or there is no /proc. */
export function residentKb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** /proc/PID/stat: the name, and the fields behind it, from the third (state) on. Null if there is no such process. */
function readStat(pid: number): { readonly name: string; readonly fields: readonly string[] } | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    // `PID (NAME) STATE PPID …`: the name may hold spaces and parentheses itself, so it ends at the last one.
    const end = line.lastIndexOf(")");
    return { name: line.slice(line.indexOf("(") + 1, end), fields: line.slice(end + 2).split(" ") };
  } catch {
    return null;
  }
}

/** Fields of one process, none if there is no such process. */
function psFields(pid: number, format: string): string[] {
  const { stdout } = Bun.spawnSync(["ps", "-o", format, "-p", String(pid)], { stderr: "ignore" });
  return stdout.toString().split(/\s+/).filter(Boolean);
}

function fromProc(pid: number): KernelView | null {
  const stat = readStat(pid);
  if (stat === null) return null;
  const [state, ppid] = stat.fields;
  return {
    pid,
    ppid: Number(ppid),
    name: stat.name,
    zombie: state === "Z" || state === "X",
    stopped: state === "T" || state === "t",
    running: state === "R" || state === "D",
    ticks: Number(stat.fields[11]) + Number(stat.fields[12]), // in user and in kernel mode
  };
}

function fromPs(pid: number): KernelView | null {
  const { stdout } = Bun.spawnSync(["ps", "-o", "ppid=,stat=,comm=", "-p", String(pid)], { stderr: "ignore" });
  const found = /^\s*(\d+)\s+(\S+)\s+(.*?)\s*$/m.exec(stdout.toString());
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
