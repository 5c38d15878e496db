/** Processes found by the mark they carry in their environment, wherever they have gone: out of their group, to another parent. Linux. */
import { readFileSync } from "node:fs";
import { isLinux, procPath } from "../../os/platform.ts";
import { allProcesses } from "../../os/process/process-table.ts";
import { signalTarget } from "./groups.ts";
import { MARK_VARIABLE } from "./mark.ts";

/** A look through all processes holds for so long, ms: many jobs that are stopped at once are found by one. */
const FRESH_MS = 20;
/** How often it is looked whether what was told to end has ended, ms. */
const POLL_MS = 20;

let lookedMs = Number.NEGATIVE_INFINITY;
let found = new Map<string, number[]>();

/** The running processes that carry a mark. What this process could not look into is not among them. */
export function processesMarked(mark: string): readonly number[] {
  const now = performance.now();
  if (now - lookedMs >= FRESH_MS) {
    lookedMs = now;
    found = new Map();
    for (const { pid, zombie } of (isLinux ? allProcesses() : null) ?? []) {
      if (zombie || pid === process.pid) continue;
      for (const one of marksOf(pid)) found.set(one, [...(found.get(one) ?? []), pid]);
    }
  }
  return found.get(mark) ?? [];
}

/** How long what carries a mark may take to end. */
export interface EndMarkedOptions {
  /** Between SIGTERM and SIGKILL, ms. */
  readonly graceMs: number;
  /** What SIGKILL does not end within so long (a hung disk), ms, is given up. */
  readonly giveUpMs: number;
  /** Whether the grace is over before its time; asked again and again. */
  readonly isHurried?: () => boolean;
}

/**
 * Ends what carries a mark: what has left the group (`detached: true`, setsid, a daemon) of a job or a worker that was made to
 * end, or died. To be called when nothing of the group runs any more: what is in it may have ended the rest in good order.
 * Resolves when none is left, or when it is given up.
 */
export async function endMarked(mark: string, { graceMs, giveUpMs, isHurried }: EndMarkedOptions): Promise<void> {
  await Bun.sleep(FRESH_MS); // a look from before the group's end may have missed what that started last
  const askedMs = performance.now();
  let killedMs = Number.POSITIVE_INFINITY;
  for (let round = 0; ; round++) {
    const left = processesMarked(mark);
    const now = performance.now();
    if (left.length === 0 || now - killedMs >= giveUpMs) return;
    if (now - askedMs > graceMs || isHurried?.()) killedMs = Math.min(killedMs, now);
    for (const pid of left) {
      if (killedMs <= now) signalTarget(pid, "SIGKILL");
      else if (round === 0) signalTarget(pid, "SIGTERM");
      if (round === 0) signalTarget(pid, "SIGCONT"); // a stopped process cannot heed SIGTERM
    }
    await Bun.sleep(POLL_MS);
  }
}

/** The marks a process carries: its own and those of the jobs it is inside of. */
export function marksOf(pid: number): string[] {
  try {
    const environment = `\0${readFileSync(procPath(`${pid}/environ`), "latin1")}`;
    const at = environment.indexOf(`\0${MARK_VARIABLE}=`);
    if (at < 0) return [];
    const start = at + MARK_VARIABLE.length + 2;
    const end = environment.indexOf("\0", start);
    return environment.slice(start, end < 0 ? undefined : end).split("/");
  } catch {
    return []; // gone, or not ours to read
  }
}
