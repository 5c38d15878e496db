/**
 * Whether this process alone has a file open: the kernel grants a write lease (F_SETLEASE, fcntl(2)) only on a file with no
 * other open file description, be it a descriptor, a mapping or one on its way through a socket. Linux only.
 */
import { libcFunctions } from "../libc.ts";

const F_SETLEASE = 1024;
const F_WRLCK = 1;
const F_UNLCK = 2;

/** Tells whether a descriptor's open file is the only one of its file. False also where the file system has no leases. */
export type OnlyOpen = (fd: number) => boolean;

/** The test; null where there is none. */
export function onlyOpenTest(): OnlyOpen | null {
  if (process.platform !== "linux") return null;
  try {
    const { fcntl } = libcFunctions({ fcntl: { args: ["i32", "i32", "i32"], returns: "i32" } });
    return (fd) => fcntl(fd, F_SETLEASE, F_WRLCK) === 0 && fcntl(fd, F_SETLEASE, F_UNLCK) === 0;
  } catch {
    return null; // a C library by another name
  }
}
