/** The kernel's view of processes: the tests' own, so that lanes is not checked by itself. */
import { readdirSync, readFileSync } from "node:fs";

/** The kernel has begun to end it (sched.h). */
const PF_EXITING = 0x4;
/** It is one of the kernel's own threads (sched.h). */
const PF_KTHREAD = 0x200000;

/**
 * Whether a process exists and can still do anything. One that the kernel has begun to end cannot: it lets go of a killed
 * process's locks some steps before it calls it a zombie, and whoever is woken by that may look in between.
 */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", , , , , , flags] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 7);
    return !["Z", "X"].includes(state) && (Number(flags) & PF_EXITING) === 0;
  } catch {
    return false;
  }
}

/** Whether all of its threads have stopped; not if it is gone. */
export function isStopped(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((task) => {
      const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, "latin1");
      return stat[stat.lastIndexOf(")") + 2] === "T";
    });
  } catch {
    return false;
  }
}

/** The parent of a process as the kernel says. */
export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** The processes whose environment holds `marker` (`NAME=value`), zombies not counted. */
export function marked(marker: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return environmentOf(pid).includes(marker) && isRunning(pid);
      } catch {
        return false; // gone, or not ours to read
      }
    });
}

/** The looks at a process that is just being started anew; it takes the kernel some tens of microseconds. */
const MOST_LOOKS = 20;

/** What a process was started with. In the middle of execve(2) the kernel shows nothing, for a moment: that is not believed. */
function environmentOf(pid: number): string[] {
  for (let looks = 1; ; looks++) {
    const text = readFileSync(`/proc/${pid}/environ`, "latin1");
    if (text !== "" || looks === MOST_LOOKS || !isRunning(pid) || isKernels(pid)) return text.split("\0");
  }
}

/** A thread of the kernel's has no program, and never an environment. */
function isKernels(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[6]) & PF_KTHREAD) !== 0;
}

/** What a process was started with; nothing if it is gone. */
export function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** How many descriptors this process has open. */
export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

/**
 * Sends a signal to one process.
 * @throws Error for what is no pid: kill(2) takes 0 for the sender's whole group, the tests and their runner included.
 */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`not the pid of a process: ${pid}`);
  process.kill(pid, signal);
}

/** CPU time of a process by the kernel's account; its clock ticks are hundredths of a second. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
