/**
 * How many processes and threads this user may still have (RLIMIT_NPROC, getrlimit(2); Linux). The JavaScript engine makes
 * threads when it likes, and aborts where it gets none: whoever starts processes as many as he can has to leave it some.
 */
import { readdirSync, readFileSync } from "node:fs";
import { procPath } from "../platform.ts";

/** What a tree like /proc says; another folder for tests. */
interface Options {
  readonly proc?: string;
  readonly uid?: number;
}

/** The number, 0 at least; null where there is no limit, or none that can be told. */
export function processesLeft({ proc = procPath(""), uid = process.getuid?.() ?? 0 }: Options = {}): number | null {
  if (uid === 0) return null; // the limit is none for whoever may raise it
  const limit = Number(/^Max processes\s+(\d+)/m.exec(text(`${proc}/self/limits`))?.[1] ?? Number.NaN);
  return Number.isNaN(limit) ? null : Math.max(0, limit - threadsOf(uid, proc));
}

/** How many threads the processes of a user have. */
function threadsOf(uid: number, proc: string): number {
  let threads = 0;
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    const status = text(`${proc}/${name}/status`);
    if (Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) !== uid) continue;
    threads += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return threads;
}

function text(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // it has ended meanwhile, or there is no /proc
  }
}
