/** What happens to the tortured processes: killed, stopped, continued, at random moments, wherever they are just then. */
import { readdirSync, readFileSync } from "node:fs";

export interface Tally {
  kills: number;
  stops: number;
}

/** A process and everything below it: what a lock command started is hit like the rest. */
export function family(pid: number): number[] {
  let children = "";
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  } catch {
    // It has ended.
  }
  return [
    pid,
    ...children
      .split(" ")
      .filter(Boolean)
      .flatMap((child) => family(Number(child))),
  ];
}

/** The processes that have this text in their command line. */
export function naming(text: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(text);
    } catch {
      return false;
    }
  });
}

/** Signals a process, unless it has ended. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Hits one of the processes. */
export function hit(pids: readonly number[], next: () => number, tally: Tally): void {
  const victims = pids.flatMap(family);
  const victim = victims[Math.floor(next() * victims.length)];
  if (victim === undefined) return;
  if (next() < 0.4) {
    if (send(victim, "SIGKILL")) tally.kills += 1;
    return;
  }
  if (!send(victim, "SIGSTOP")) return;
  tally.stops += 1;
  setTimeout(() => send(victim, "SIGCONT"), next() ** 6 * 300);
}
