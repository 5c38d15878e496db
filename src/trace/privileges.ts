/** Rights that a program gets by its file, and whether it gets them while it is traced (execve(2), capabilities(7)). */
import { statSync } from "node:fs";
import { cString } from "../os/bytes/byte-strings.ts";
import { systemPath } from "../os/bytes/paths.ts";
import { libcFunctions } from "../os/libc.ts";
import { procText } from "../os/process/proc-of.ts";

const CAP_SYS_PTRACE = 19;

/** Whether whoever we trace keeps the privileges that a file gives. */
export function mayTraceAll(): boolean {
  const effective = /^CapEff:\s+([0-9a-f]+)/m.exec(procText("self/status"))?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> BigInt(CAP_SYS_PTRACE)) & 1n) === 1n;
}

/** Whether whoever executes a file gets more rights by it. */
export function isPrivileged(path: string): boolean {
  try {
    if ((statSync(systemPath(path)).mode & 0o6000) !== 0) return true;
    const { getxattr } = libcFunctions({ getxattr: { args: ["ptr", "ptr", "ptr", "u64"], returns: "i64" } });
    return Number(getxattr(cString(path), cString("security.capability"), null, 0)) > 0;
  } catch {
    return false;
  }
}
