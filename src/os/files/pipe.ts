/**
 * Pipes for what a child writes. What Bun calls a pipe is a pair of sockets, and a socket cannot be opened by its name: a
 * script's `echo oops >/dev/stderr` would say "No such device or address" (open(2), ENXIO). Linux only: elsewhere a name in
 * /dev/fd stands for the descriptor itself, and sockets will do.
 */
import { closeSync } from "node:fs";
import { errnoName } from "../errno.ts";
import { errno, libcFunctions } from "../libc.ts";
import { isLinux } from "../platform.ts";

/** Both ends, as descriptors; each is closed by whoever has no more use for it. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

const O_CLOEXEC = 0o2000000;
const F_SETPIPE_SZ = 1031;
const functions = {
  pipe2: { args: ["buffer", "i32"], returns: "i32" },
  fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
} as const;

let opened: ReturnType<typeof libcFunctions<typeof functions>> | null | undefined;

/**
 * A new pipe; null where there are none to be had by this way.
 * @param bytes how much it is to hold; less if this user's pipes hold too much already (pipe(7), pipe-user-pages-soft).
 * @throws Error with a code (EMFILE, ENFILE) if there are not enough descriptors.
 */
export function openPipe(bytes?: number): Pipe | null {
  if (!isLinux) return null;
  if (opened === undefined) opened = open();
  if (opened === null) return null;
  const ends = new Int32Array(2);
  if (opened.pipe2(ends, O_CLOEXEC) < 0) {
    const code = errnoName(errno());
    throw Object.assign(new Error(`pipe: ${code}`), { code });
  }
  const [read = -1, write = -1] = ends;
  if (bytes !== undefined) opened.fcntl(write, F_SETPIPE_SZ, bytes);
  return { read, write };
}

/** Closes both ends. */
export function closePipe({ read, write }: Pipe): void {
  closeSync(read);
  closeSync(write);
}

function open(): ReturnType<typeof libcFunctions<typeof functions>> | null {
  try {
    errno(); // finds out where that is: done after a failure, it might overwrite the number
    return libcFunctions(functions);
  } catch {
    return null; // a C library by another name
  }
}
