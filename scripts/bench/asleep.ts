/** Whether a process sleeps in the kernel for a lock (Linux). */
import { readdirSync, readFileSync } from "node:fs";

const arm = process.arch === "arm64";
/** Number and, of fcntl, operation: flock at the lock itself, F_OFD_SETLKW in the line. */
const sleeps = arm ? /^(32 |25 \S+ 0x26 )/ : /^(73 |72 \S+ 0x26 )/;

/** Whether one of its threads is in such a system call, by the kernel's word. */
export function sleepsForLock(pid: number): boolean {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.some((task) => sleeps.test(readFileSync(`/proc/${pid}/task/${task}/syscall`, "latin1")));
  } catch {
    return false; // a thread of it has just ended
  }
}
