/**
 * What /proc tells of other processes, for whoever looks at many of them often (Linux): proc_pid_stat(5), proc_pid_syscall(5),
 * proc_pid_fd(5). A process that is gone, or that we may not look into, is no error: there is nothing to tell.
 */

import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { decodeText } from "./bytes/byte-strings.ts";
import { libcFunctions } from "./libc.ts";
import { procPath } from "./platform.ts";

const buffer = Buffer.alloc(1 << 16);

/** Up to 64 KiB of a file below /proc; null if it cannot be read. */
export function procBytes(name: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(procPath(name), "r");
  } catch {
    return null;
  }
  try {
    let length = 0;
    // seq_file hands out a page at a time.
    for (let got = 1; got > 0 && length < buffer.length; length += got)
      got = readSync(fd, buffer, length, buffer.length - length, null);
    return buffer.subarray(0, length);
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** The same as text; empty if it cannot be read. */
export function procText(name: string): string {
  return procBytes(name)?.toString("latin1") ?? "";
}

/** What /proc/PID/stat says. */
export interface ProcStat {
  /** `R` runs, `S` sleeps, `D` waits for a device, `T` stopped, `t` stopped for its tracer, `Z` zombie. */
  readonly state: string;
  readonly ppid: number;
  readonly threads: number;
  /** When it began, in ticks since boot: with the pid this is one process and no other. */
  readonly startTicks: number;
  /** As wait(2) gives it, of a zombie; 0 where we may not know. */
  readonly status: number;
}

/** The process with this pid; null if there is none. */
export function procStat(pid: number): ProcStat | null {
  const line = procText(`${pid}/stat`);
  if (line === "") return null;
  // `PID (NAME) STATE PPID …`: the name may hold spaces and parentheses itself, so it ends at the last one.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return {
    state: fields[0] ?? "",
    ppid: Number(fields[1]),
    threads: Number(fields[17]),
    startTicks: Number(fields[19]),
    status: Number(fields[49] ?? 0),
  };
}

/** The arguments a process was started with; none if they cannot be read, or it is a zombie. */
export function procArguments(pid: number): string[] {
  const bytes = procBytes(`${pid}/cmdline`);
  if (bytes === null || bytes.length === 0) return [];
  const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
  return decodeText(Buffer.from(bytes.subarray(0, end))).split("\0");
}

/** The pids of a process's children, of whichever thread; none where the kernel does not list them. */
export function procChildren(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(procPath(`${pid}/task`));
  } catch {
    return [];
  }
  return threads.flatMap((tid) => (procText(`${pid}/task/${tid}/children`).match(/\d+/g) ?? []).map(Number));
}

/** What a descriptor of a process is: a path, `pipe:[4711]`, `socket:[4711]`; empty if we may not know. */
export function procDescriptor(pid: number, fd: number): string {
  try {
    return decodeText(readlinkSync(procPath(`${pid}/fd/${fd}`), { encoding: "buffer" }));
  } catch {
    return "";
  }
}

/** The pipes and sockets of a process, each with what the descriptor is open for. */
export function procEnds(pid: number): { readonly name: string; readonly reads: boolean; readonly writes: boolean }[] {
  let list: string[];
  try {
    list = readdirSync(procPath(`${pid}/fd`));
  } catch {
    return [];
  }
  return list.flatMap((fd) => {
    const name = procDescriptor(pid, Number(fd));
    if (!/^(pipe|socket):|^\//.test(name)) return [];
    try {
      const { mode } = lstatSync(procPath(`${pid}/fd/${fd}`));
      return [{ name, reads: (mode & 0o400) !== 0, writes: (mode & 0o200) !== 0 }];
    } catch {
      return [];
    }
  });
}

const open = () => libcFunctions({ clock_gettime: { args: ["i32", "ptr"], returns: "i32" } }).clock_gettime;
let gettime: ReturnType<typeof open> | undefined;
const time = new BigInt64Array(2);
/** The clock of a process's processor time, all its threads' (CPUCLOCK_SCHED in the kernel's posix-timers.h). */
const CPUCLOCK_SCHED = 2;

/** How much processor time a process has had, ms, exact to the nanosecond; -1 if there is no such process any more. */
export function processorMs(pid: number): number {
  gettime ??= open();
  if (gettime((~pid << 3) | CPUCLOCK_SCHED, time) !== 0) return -1;
  return Number(time[0]) * 1e3 + Number(time[1]) / 1e6;
}
