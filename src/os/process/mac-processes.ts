/**
 * macOS's table of processes, for what Linux has in /proc/PID/stat. By sysctl(3), kern.proc: unlike proc_pidinfo(3) it tells
 * everybody of everybody's processes, and of those that have ended until they are collected.
 *
 * Sources: bsd/kern/kern_sysctl.c (sysctl_prochandle, fill_user64_externproc), bsd/sys/sysctl.h (struct kinfo_proc), bsd/sys/
 * proc_info.h (struct proc_taskinfo) of XNU; the places of the fields are those a C compiler gives these structs.
 */
import { darwinFunctions } from "../darwin.ts";

/** A process, as the kernel has it. */
export interface MacProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly group: number;
  /** Its program's name, at most 16 bytes. */
  readonly name: string;
  /** It has ended, and nobody has collected it. */
  readonly zombie: boolean;
  /** It is on its way through exit(2), or has ended. */
  readonly ending: boolean;
  /** A signal has stopped it. */
  readonly stopped: boolean;
  /** How it has ended, as wait(2) gives it; 0 before. */
  readonly exitStatus: number;
  /** When it was started, µs since 1970: the same for as long as it lives. */
  readonly startedUs: number;
}

/** What a process takes of the machine. */
export interface MacUsage {
  readonly residentBytes: number;
  /** Time on a processor, in the kernel's unit. */
  readonly ticks: number;
  /** One of its threads runs, or could. */
  readonly running: boolean;
}

const CTL_KERN = 1;
const KERN_PROC = 14;
const KERN_PROC_ALL = 0;
const KERN_PROC_PID = 1;
/** bsd/sys/proc.h */
const SSTOP = 4;
const SZOMB = 5;
const P_WEXIT = 0x2000;
/** sizeof(struct kinfo_proc), 64 bits. */
export const kinfoBytes = 648;
const PROC_PIDTASKINFO = 4;
/** sizeof(struct proc_taskinfo) */
export const taskInfoBytes = 96;

const open = () =>
  darwinFunctions({
    sysctl: { args: ["buffer", "u32", "buffer", "buffer", "ptr", "u64"], returns: "i32" },
    proc_pidinfo: { args: ["i32", "i32", "u64", "buffer", "i32"], returns: "i32" },
  });
let opened: ReturnType<typeof open> | undefined;

function libSystem(): NonNullable<typeof opened> {
  opened ??= open();
  return opened;
}

/** The process with this pid; undefined if there is none. @throws Error if the kernel cannot be asked. */
export function macProcess(pid: number): MacProcess | undefined {
  const bytes = new Uint8Array(kinfoBytes);
  // The kernel returns nothing, and no error, for a pid that nobody has.
  if (sysctl([CTL_KERN, KERN_PROC, KERN_PROC_PID, pid], bytes) !== kinfoBytes) return undefined;
  const [found] = decodeProcesses(bytes);
  return found?.pid === pid ? found : undefined;
}

/** All processes. @throws Error if the kernel cannot be asked. */
export function macProcesses(): MacProcess[] {
  // What is too little for all that there are is refused.
  for (let room = 1024; ; room *= 2) {
    const bytes = new Uint8Array(room * kinfoBytes);
    const length = sysctl([CTL_KERN, KERN_PROC, KERN_PROC_ALL], bytes);
    if (length !== undefined) return decodeProcesses(bytes.subarray(0, length));
    if (room > 1 << 20) throw new Error("sysctl kern.proc.all");
  }
}

/** What a process of this user's takes; undefined for others' (but for root), and where there is no such process. */
export function macUsage(pid: number): MacUsage | undefined {
  const info = new Uint8Array(taskInfoBytes);
  return libSystem().proc_pidinfo(pid, PROC_PIDTASKINFO, 0n, info, taskInfoBytes) === taskInfoBytes
    ? decodeTaskInfo(info)
    : undefined;
}

/** @returns how many bytes it has filled in; undefined if it failed. */
function sysctl(name: readonly number[], into: Uint8Array): number | undefined {
  const length = new BigUint64Array([BigInt(into.length)]);
  const result = libSystem().sysctl(new Int32Array(name), name.length, into, length, null, 0n);
  return result === 0 ? Number(length[0]) : undefined;
}

/** An array of struct kinfo_proc. */
export function decodeProcesses(bytes: Uint8Array): MacProcess[] {
  const all: MacProcess[] = [];
  for (let at = 0; at + kinfoBytes <= bytes.length; at += kinfoBytes) {
    const info = new DataView(bytes.buffer, bytes.byteOffset + at, kinfoBytes);
    const state = info.getUint8(36);
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + at + 243, 17).toString("latin1");
    all.push({
      pid: info.getInt32(40, true),
      ppid: info.getInt32(560, true),
      group: info.getInt32(564, true),
      name: name.split("\0", 1)[0] ?? "",
      zombie: state === SZOMB,
      ending: state === SZOMB || (info.getInt32(32, true) & P_WEXIT) !== 0,
      stopped: state === SSTOP,
      exitStatus: info.getUint16(280, true),
      startedUs: Number(info.getBigInt64(0, true)) * 1e6 + info.getInt32(8, true),
    });
  }
  return all;
}

/** A struct proc_taskinfo. */
export function decodeTaskInfo(bytes: Uint8Array): MacUsage {
  const info = new DataView(bytes.buffer, bytes.byteOffset, taskInfoBytes);
  return {
    residentBytes: Number(info.getBigUint64(8, true)),
    ticks: Number(info.getBigUint64(16, true) + info.getBigUint64(24, true)),
    running: info.getInt32(88, true) > 0,
  };
}
