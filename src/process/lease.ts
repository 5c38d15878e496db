/**
 * Whether this process alone has a file open: the kernel grants a write lease (F_SETLEASE, fcntl(2)) only on a file with no
 * other open file description, be it a descriptor, a mapping or one on its way through a socket. Linux only.
 */
import { dlopen } from "bun:ffi";

/** glibc, or musl by its own name. */
const names = ["libc.so.6", process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1"];
const F_SETLEASE = 1024;
const F_WRLCK = 1;
const F_UNLCK = 2;

/** Tells whether a descriptor's open file is the only one of its file. False also where the file system has no leases. */
export type OnlyOpen = (fd: number) => boolean;

/** The test; null where there is none. */
export function onlyOpenTest(): OnlyOpen | null {
  if (process.platform !== "linux") return null;
  for (const name of names) {
    try {
      const { fcntl } = dlopen(name, { fcntl: { args: ["i32", "i32", "i32"], returns: "i32" } }).symbols;
      return (fd) => fcntl(fd, F_SETLEASE, F_WRLCK) === 0 && fcntl(fd, F_SETLEASE, F_UNLCK) === 0;
    } catch {
      // the other one, then
    }
  }
  return null;
}
