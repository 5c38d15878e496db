/**
 * What /proc tells of other processes, for whoever looks at many of them often (Linux): proc_pid_stat(5), proc_pid_syscall(5),
 * proc_pid_fd(5). A process that is gone, or that we may not look into, is no error: there is nothing to tell.
 */

import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { decodeText } from "../bytes/byte-strings.ts";
import { procPath } from "../platform.ts";

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

/** All pids; null where they cannot be listed. */
export function procPids(): number[] | null {
  try {
    return readdirSync(procPath(""))
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return null;
  }
}

/** What /proc/PID/stat says. */
export interface ProcStat {
  /** Its program's name as the kernel keeps it, at most 15 bytes. */
  readonly name: string;
  /** `R` runs, `S` sleeps, `D` waits for a device, `T` stopped, `t` stopped for its tracer, `Z` zombie. */
  readonly state: string;
  readonly ppid: number;
  /** Its process group. */
  readonly group: number;
  /** Processor time it has had, in user and in kernel mode, in ticks (USER_HZ). */
  readonly ticks: number;
  readonly threads: number;
  /** When it began, in ticks since boot: with the pid this is one process and no other. */
  readonly startTicks: number;
  /** As wait(2) gives it, of a zombie; 0 where we may not know. */
  readonly status: number;
}

/** The process with this pid; null if there is none. */
export function procStat(pid: number): ProcStat | null {
  const line = procBytes(`${pid}/stat`)?.toString("utf8") ?? "";
  if (line === "") return null;
  // `PID (NAME) STATE PPID …`: the name may hold spaces and parentheses itself, so it ends at the last one.
  const end = line.lastIndexOf(")");
  const fields = line.slice(end + 2).split(" ");
  return {
    name: line.slice(line.indexOf("(") + 1, end),
    state: fields[0] ?? "",
    ppid: Number(fields[1]),
    group: Number(fields[2]),
    ticks: Number(fields[11]) + Number(fields[12]),
    threads: Number(fields[17]),
    startTicks: Number(fields[19]),
    status: Number(fields[49] ?? 0),
  };
}

/** Whose thread it is, and that process's parent; zeros if it is gone. */
export function procThread(tid: number): { readonly pid: number; readonly ppid: number } {
  const status = procText(`${tid}/status`);
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return { pid: number("Tgid"), ppid: number("PPid") };
}

/** Whether the process has this thread (still). */
export const hasThread = (pid: number, tid: number): boolean => procText(`${pid}/task/${tid}/comm`) !== "";

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

/** The descriptors of a process; none if we may not know. */
export function procDescriptors(pid: number): number[] {
  try {
    return readdirSync(procPath(`${pid}/fd`)).map(Number);
  } catch {
    return [];
  }
}

/** What a link below /proc points to: `PID/cwd`; empty if we may not know. */
export function procLink(name: string): string {
  try {
    return decodeText(readlinkSync(procPath(name), { encoding: "buffer" }));
  } catch {
    return "";
  }
}

/** What a descriptor of a process is: a path, `pipe:[4711]`, `socket:[4711]`; empty if we may not know. */
export function procDescriptor(pid: number, fd: number): string {
  return procLink(`${pid}/fd/${fd}`);
}

/** The pipes and sockets of a process, each with what the descriptor is open for. */
export function procEnds(pid: number): { readonly name: string; readonly reads: boolean; readonly writes: boolean }[] {
  return procDescriptors(pid).flatMap((fd) => {
    const name = procDescriptor(pid, fd);
    if (!/^(pipe|socket):|^\//.test(name)) return [];
    try {
      const { mode } = lstatSync(procPath(`${pid}/fd/${fd}`));
      return [{ name, reads: (mode & 0o400) !== 0, writes: (mode & 0o200) !== 0 }];
    } catch {
      return [];
    }
  });
}
