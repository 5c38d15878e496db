/**
 * Which process is meant, for good: a pid alone is reused, so it goes with the kernel's start time, the boot it counts
 * from, the pid namespace it is valid in, and the host. No clock, no heartbeat, no age: suspending a machine, stopping a
 * process or setting the clock back changes none of them.
 *
 * Sources: proc_pid_stat(5) fields 3 (state), 9 (flags), 22 (start time); /proc/sys/kernel/random/boot_id; pid_namespaces(7). macOS:
 * mac-processes.ts and kern.bootsessionuuid.
 */
import { errnoCode } from "../../errors.ts";
import { darwinFunctions } from "../../os/darwin.ts";
import { isLinux, procPath } from "../../os/platform.ts";
import { type MacProcess, macProcess } from "../../os/process/mac-processes.ts";
import { readProc } from "./proc.ts";
import { sys } from "./sys.ts";

/** What names this process, and what tells whether another record was written on the same machine since the same start. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly ppid: number;
  readonly host: string;
  /** Changes with every boot; empty if the system does not say. */
  readonly boot: string;
  /** The pid namespace; empty where there is no such thing. */
  readonly ns: string;
  /** When the process was started, in the kernel's own unit: to be compared, not to be read. Null if unknown. */
  readonly started: number | null;
}

let own: ProcessIdentity | undefined;

/** This process. Read once: none of it changes but ppid, which says who started it. */
export function identity(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    ppid: process.ppid,
    host: isLinux ? readProc("sys/kernel/hostname").trim() : process.getBuiltinModule("node:os").hostname(),
    boot: isLinux ? readProc("sys/kernel/random/boot_id").trim() : macBoot(),
    ns: isLinux ? sys().readLink(procPath("self/ns/pid")) : "",
    started: startOf(process.pid),
  };
  return own;
}

/** The kernel's start time of a pid of this namespace; null if there is no such process, or a zombie, or it is not told. */
export function startOf(pid: number): number | null {
  return isLinux ? linuxStart(pid) : macStart(pid);
}

/**
 * Whether the process that had this pid and start time has ended. In doubt (a start time that was not recorded, a /proc
 * that hides other people's processes) it has not.
 */
export function hasEnded(pid: number, started: number | null): boolean {
  const now = startOf(pid);
  if (now !== null) return started !== null && now !== started;
  try {
    process.kill(pid, 0);
    return isZombie(pid);
  } catch (error) {
    return errnoCode(error) === "ESRCH";
  }
}

/** `pid (any name) state ppid …`: the name may hold spaces and parentheses, so fields count from the last one. */
function linuxStat(pid: number): string[] | undefined {
  const text = readProc(`${pid}/stat`);
  return text ? text.slice(text.lastIndexOf(")") + 2).split(" ") : undefined;
}

/** linux/sched.h: on its way through exit(2), never to run its program again. */
const PF_EXITING = 0x4;

/**
 * A zombie has closed all its files, its locks with them: it has ended, whether or not its parent has noticed. And what is
 * exiting will be one: it gives up its locks some steps before, and whom that wakes should not have to look twice.
 */
const isEnded = ([state, , , , , , flags]: readonly string[]) =>
  state === "Z" || state === "X" || (Number(flags) & PF_EXITING) !== 0;

function linuxStart(pid: number): number | null {
  const fields = linuxStat(pid);
  return fields === undefined || isEnded(fields) ? null : Number(fields[19]);
}

function isZombie(pid: number): boolean {
  return isLinux ? isEnded(linuxStat(pid) ?? []) : macInfo(pid)?.ending === true;
}

/** Undefined also where the kernel cannot be asked: then nothing is known, as where it does not tell. */
function macInfo(pid: number): MacProcess | undefined {
  try {
    return macProcess(pid);
  } catch {
    return undefined;
  }
}

function macStart(pid: number): number | null {
  const info = macInfo(pid);
  return info === undefined || info.ending ? null : info.startedUs;
}

function macBoot(): string {
  try {
    const { sysctlbyname } = darwinFunctions({
      sysctlbyname: { args: ["cstring", "buffer", "buffer", "ptr", "u64"], returns: "i32" },
    });
    const text = new Uint8Array(64);
    const size = new BigUint64Array([BigInt(text.length)]);
    if (sysctlbyname("kern.bootsessionuuid\0", text, size, null, 0n) !== 0) return "";
    return Buffer.from(text).toString("latin1").split("\0")[0] ?? "";
  } catch {
    return "";
  }
}
