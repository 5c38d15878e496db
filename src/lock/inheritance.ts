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
    return numbers(3, highestFd).filter((fd) => {
      const flags = fcntl(fd, F_GETFD);
      return flags >= 0 && (flags & FD_CLOEXEC) === 0;
    });
  }
  return openDescriptors().filter((fd) => !sys().readLink(`/proc/self/fd/${fd}`).startsWith("anon_inode:[event"));
}

/** One poll(2) tells which descriptors are open: the others come back as not valid. */
function openDescriptors(): number[] {
  const { poll } = openLibc({ poll: { args: ["buffer", "u64", "i32"], returns: "i32" } });
  const candidates = numbers(3, highestFd);
  const struct = new Int32Array(candidates.flatMap((fd) => [fd, 0]));
  poll(struct, candidates.length, 0);
  return candidates.filter((_, index) => (struct[2 * index + 1] ?? 0) >>> 16 !== POLLNVAL);
}

const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Ignored by Bun itself in every process: what the caller wanted cannot be told. */
const ignoredByBun = [13, 25];

/** The numbers of the signals that were ignored when this process was started (nohup, a background job of a script). */
export function ignoredSignals(): number[] {
  if (process.platform !== "linux") return [];
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(readProc("self/status"))?.[1] ?? "0"}`);
  return numbers(1, 31).filter(
    (signal) => ((mask >> BigInt(signal - 1)) & 1n) === 1n && !ignoredByBun.includes(signal),
  );
}
