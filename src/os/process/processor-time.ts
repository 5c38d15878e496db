/** The processor time of a process, by one system call and without a file: for whoever asks it of many, often. */
import { libcFunctions } from "../libc.ts";

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
