/**
 * What this process was given by whoever started it and its command is to be given in turn: descriptors and ignored signals.
 * Bun passes neither on by itself: it marks the descriptors it finds close-on-exec, and starts children with all signals
 * at their defaults.
 */
import { openLibc } from "./libc.ts";
import { readProc } from "./proc.ts";
import { sys } from "./sys.ts";

const highestFd = 1023;
const POLLNVAL = 0x20;
const F_GETFD = 1;
const FD_CLOEXEC = 1;

/**
 * The descriptors above 2 (and up to 1023) that this process was started with. To be asked before it opens any of its own.
 * Linux: all but Bun's event loop. Elsewhere: those not marked close-on-exec.
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

/** One poll(2) tells which descriptors are open: the others come back as not valid. (Plain loops: this runs once, cold.) */
function openDescriptors(): number[] {
  const { poll } = openLibc({ poll: { args: ["buffer", "u64", "i32"], returns: "i32" } });
  const count = highestFd - 2;
  const struct = new Int32Array(2 * count);
  for (let at = 0; at < count; at++) struct[2 * at] = at + 3;
  poll(struct, count, 0);
  const open: number[] = [];
  for (let at = 0; at < count; at++) if ((struct[2 * at + 1] ?? 0) >>> 16 !== POLLNVAL) open.push(at + 3);
  return open;
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
