/**
 * What this process was given by whoever started it and its command is to be given in turn: descriptors and ignored signals.
 * Bun passes neither on by itself: it marks the descriptors it finds close-on-exec, and starts children with all signals
 * at their defaults.
 */
import { systemCalls } from "../os/libc.ts";
import { openLibc } from "./libc.ts";
import { readProc } from "./proc.ts";
import { sys } from "./sys.ts";

const highestFd = 255;
const F_GETFD = 1;
const FD_CLOEXEC = 1;

/**
 * The descriptors above 2 that this process was started with. To be asked before it opens any of its own.
 * Linux: all but Bun's event loop. Elsewhere: those up to 255 not marked close-on-exec.
 */
export function givenDescriptors(): number[] {
  if (process.platform !== "linux") {
    const { fcntl } = openLibc({ fcntl: { args: ["i32", "i32"], returns: "i32" } });
    const given: number[] = [];
    for (let fd = 3; fd <= highestFd; fd++) {
      const flags = fcntl(fd, F_GETFD);
      if (flags >= 0 && (flags & FD_CLOEXEC) === 0) given.push(fd);
    }
    return given;
  }
  return openDescriptors().filter((fd) => !sys().readLink(`/proc/self/fd/${fd}`).startsWith("anon_inode:[event"));
}

/**
 * What /proc/self/fd lists, by getdents64(2): loading node:fs for readdir, or a loop over all numbers there can be (which gets
 * hot, and starts the compiler's thread), would each cost as much as taking the lock.
 */
function openDescriptors(): number[] {
  const folder = sys().openToRead("/proc/self/fd");
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

/** Ignored by Bun itself in every process (SIGPIPE, SIGXFSZ): what the caller wanted cannot be told. */
const ignoredByBun = (1 << 12) | (1 << 24);

/** The numbers of the signals that were ignored when this process was started (nohup, a background job of a script). */
export function ignoredSignals(): number[] {
  if (process.platform !== "linux") return [];
  const status = readProc("self/status");
  const at = status.indexOf("SigIgn:");
  // 16 hex digits; the lower eight are the signals 1 to 32.
  const mask = at < 0 ? 0 : Number.parseInt(status.slice(at + 16, at + 24), 16) & ~ignoredByBun;
  const signals: number[] = [];
  for (let signal = 1; signal < 32; signal++) if ((mask >>> (signal - 1)) & 1) signals.push(signal);
  return signals;
}
