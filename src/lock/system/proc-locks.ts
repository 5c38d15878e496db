/**
 * What the kernel says of a flock without its being tried, which could make somebody else's attempt fail: /proc/locks. It lists
 * the locks taken by processes that can be seen from the reader's pid namespace, so only in the first one is it the whole truth;
 * elsewhere a lock that is not listed may be one of another container, or of a process that has ended and left it to a child.
 * (proc_locks(5), locks_translate_pid() in fs/locks.c; macOS has no such list)
 */

import { procPath } from "../../os/platform.ts";
import { identity } from "./identity.ts";
import type { Stat } from "./sys-calls.ts";

/** The first pid namespace, which sees all others: PROC_PID_INIT_INO in linux/proc_ns.h. */
const firstNamespace = "pid:[4026531836]";

/** An inode's number, which may have 64 bits. */
export const inodeOf = ({ inoHigh, inoLow }: Stat): bigint => (BigInt(inoHigh) << 32n) | BigInt(inoLow);

/** Whether somebody has the flock of this file; `unknown`: it cannot be told from here. */
export function flockOf(stat: Stat): "held" | "free" | "unknown" {
  const inode = inodeOf(stat);
  // By the inode only: some file systems have a device number here and another one there (btrfs, overlayfs).
  const line = new RegExp(`FLOCK .* [0-9a-f]+:[0-9a-f]+:${inode} `);
  const locks = listed();
  if (locks?.some((entry) => line.test(entry))) return "held";
  return locks !== undefined && identity().ns === firstNamespace ? "free" : "unknown";
}

/** The processes that sleep until they get the flock of this file, of whatever user: those behind an arrow in the list. */
export function flockWaiters(stat: Stat): number[] {
  const inode = inodeOf(stat);
  const line = new RegExp(`-> FLOCK +\\S+ +\\S+ +(\\d+) [0-9a-f]+:[0-9a-f]+:${inode} `);
  return (listed() ?? []).flatMap((entry) => {
    const pid = Number(line.exec(entry)?.[1] ?? 0);
    return pid > 0 ? [pid] : [];
  });
}

function listed(): string[] | undefined {
  try {
    return process.getBuiltinModule("node:fs").readFileSync(procPath("locks"), "latin1").split("\n");
  } catch {
    return undefined;
  }
}
