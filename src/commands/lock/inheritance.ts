/**
 * Asking /proc at the start of `lanes lock`: loading node:fs for it would cost as much as taking the lock.
 */

import { openLibc } from "../../lock/system/libc.ts";
import { readProc } from "../../lock/system/proc.ts";
import { sys } from "../../lock/system/sys.ts";
import { systemCalls } from "../../os/libc.ts";
import { procPath } from "../../os/platform.ts";
import type { ProcReader } from "../../os/process/proc.ts";

/** {@link ProcReader} by the C library. */
export const lockProc: ProcReader = {
  read: readProc,
  descriptors: openDescriptors,
  described: (fd) => sys().readLink(procPath(`self/fd/${fd}`)),
};

/**
 * What /proc/self/fd lists, by getdents64(2): loading node:fs for readdir, or a loop over all numbers there can be (which gets
 * hot, and starts the compiler's thread), would each cost as much as taking the lock.
 */
function openDescriptors(): number[] {
  const folder = sys().openToRead(procPath("self/fd"));
  if (folder === undefined) return [];
  const read = readFolder();
  const entries = new DataView(new ArrayBuffer(4096));
  const open: number[] = [];
  const next = () => read(folder, new Uint8Array(entries.buffer), entries.byteLength);
  for (let bytes = next(); bytes > 0; bytes = next()) {
    // struct linux_dirent64: the entry's length at 16, the name from 19, up to a NUL.
    for (let at = 0; at < bytes; at += entries.getUint16(at + 16, true)) {
      let name = "";
      for (let digit = at + 19; entries.getUint8(digit) !== 0; digit++)
        name += String.fromCharCode(entries.getUint8(digit));
      const fd = Number(name); // "." and "..": not a number
      if (fd > 2 && fd !== folder) open.push(fd);
    }
  }
  sys().close(folder);
  return open.sort((a, b) => a - b);
}

/** By its number: glibc has it by name from 2.30 on only, musl by another name. */
function readFolder() {
  const { syscall } = openLibc({ syscall: { args: ["i64", "i32", "buffer", "u64"], returns: "i32" } });
  return (fd: number, into: Uint8Array, size: number) => syscall(systemCalls.getdents64, fd, into, size);
}
