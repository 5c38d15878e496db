/** Whether a measurement was disturbed: what is said beside the numbers, and what it is decided by. */
import { readFileSync } from "node:fs";
import { procPath } from "../os/platform.ts";
import type { Summary, Warning } from "../recording/results/comparison.ts";
import { outliersOf } from "./statistics.ts";

/** Others may use this share of the machine: a quiet desktop needs a few hundredths of it. */
const MOST_LOAD = 0.1;
/** A quarter of the mean: two such means differ by chance as much as many a comparison is to show. */
const MOST_SPREAD = 0.25;

/**
 * What to warn of.
 * @param times of each series: the elapsed ms of its runs, and their summary.
 * @param load others' share of the machine's CPU time during the runs; null if the kernel did not say.
 */
export function warningsOf(
  times: readonly { readonly ms: readonly number[]; readonly summary: Summary }[],
  load: number | null,
): Warning[] {
  const warnings: Warning[] = load !== null && load > MOST_LOAD ? [{ kind: "load", share: load }] : [];
  for (const [variant, { ms, summary }] of times.entries()) {
    const runs = outliersOf(ms);
    const share = (summary.stddev ?? 0) / summary.mean;
    if (runs.length > 0) warnings.push({ kind: "outliers", variant, runs });
    else if (share > MOST_SPREAD) warnings.push({ kind: "spread", variant, share });
  }
  return warnings;
}

/** CPU time since boot, in the kernel's ticks (USER_HZ, the same in both files it is read from). */
interface Ticks {
  readonly total: number;
  /** Not idle, and not waiting for a disk. */
  readonly busy: number;
  /** This process and every process it has waited for, and so on down: what we did ourselves. */
  readonly own: number;
}

/**
 * Begins to measure what others use of the machine.
 * @returns a function that says it, as a share (0 to 1) of all CPU time from then to now: what was not idle and was not ours.
 * From /proc/stat (proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal: what a hypervisor gave to others
 * counts as theirs) and /proc/self/stat (utime, stime, cutime, cstime). Null where there is no /proc (macOS). In a
 * container the kernel still tells of the whole machine.
 */
export function watchLoad(read: () => Ticks | null = readTicks): () => number | null {
  const before = read();
  return () => {
    const after = read();
    if (before === null || after === null || after.total <= before.total) return null;
    const others = after.busy - before.busy - (after.own - before.own);
    return Math.min(1, Math.max(0, others / (after.total - before.total)));
  };
}

function readTicks(): Ticks | null {
  try {
    return parseTicks(readFileSync(procPath("stat"), "latin1"), readFileSync(procPath("self/stat"), "latin1"));
  } catch {
    return null;
  }
}

/** The two files' numbers; null if they are not what proc(5) says. */
export function parseTicks(stat: string, self: string): Ticks | null {
  const line = /^cpu +(\d[\d ]*)/.exec(stat)?.[1];
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    line?.split(" ").map(Number) ?? [];
  // After the name in brackets, which may hold anything: state is field 3, utime to cstime are 14 to 17.
  const fields = self.slice(self.lastIndexOf(")") + 2).split(" ");
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  const busy = user + nice + system + irq + softirq + steal;
  if (line === undefined || fields.length < 15 || Number.isNaN(own + busy + idle + iowait)) return null;
  return { total: busy + idle + iowait, busy, own };
}
