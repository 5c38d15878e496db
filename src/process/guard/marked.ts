/** Processes found by the mark they carry in their environment, wherever they have gone: out of their group, to another parent. Linux. */
import { readFileSync } from "node:fs";
import { isLinux, procPath } from "../../os/platform.ts";
import { allProcesses } from "../../os/process-table.ts";
import { MARK_VARIABLE } from "./mark.ts";

/** A look through all processes holds for so long, ms: many jobs that are stopped at once are found by one. */
const FRESH_MS = 20;

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
