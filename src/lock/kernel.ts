/**
 * The one thing a file cannot tell and the kernel can: whether whoever locked it is still there. `flock(2)` through
 * `bun:ffi`, with the two calls needed to wake a thread that sleeps in it.
 *
 * flock belongs to the open file description: it is freed when the last descriptor of it is closed, by whatever means the
 * processes that had it ended, and by LOCK_UN at once for all of them. (https://man7.org/linux/man-pages/man2/flock.2.html)
 *
 * Without libc or FFI there is no answer, and so no lock: `libc()` throws, nothing is guessed.
 */
import { dlopen, FFIType, type Pointer, read } from "bun:ffi";
import { LanesError, usageError } from "../errors.ts";

const mac = process.platform === "darwin";
const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;
const EINTR = 4;
const EWOULDBLOCK = mac ? 35 : 11;
/** Ignored by default, and used by nothing in Bun: sent by mistake it would do no harm. */
const SIGURG = mac ? 16 : 23;

const signatures = {
  flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  getpid: { args: [], returns: FFIType.i32 },
  signal: { args: [FFIType.i32, FFIType.ptr], returns: FFIType.ptr },
  siginterrupt: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  pthread_self: { args: [], returns: FFIType.u64 },
  pthread_kill: { args: [FFIType.u64, FFIType.i32], returns: FFIType.i32 },
} as const;
const errnoSignature = { args: [], returns: FFIType.ptr } as const;

/** Where libc is: glibc, musl (by its own name, then by the generic one), macOS. */
const libraries = mac
  ? ["libSystem.B.dylib"]
  : ["libc.so.6", process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1", "libc.so"];

function open(name: string) {
  const { symbols } = dlopen(name, signatures);
  const errno = mac
    ? dlopen(name, { __error: errnoSignature }).symbols.__error
    : dlopen(name, { __errno_location: errnoSignature }).symbols.__errno_location;
  return {
    ...symbols,
    getpidAt: (symbols.getpid as { readonly ptr?: Pointer }).ptr,
    errno: () => read.i32(errno() as Pointer, 0),
  };
}

let loaded: ReturnType<typeof open> | undefined;

/** libc, opened on first use. @throws LanesError where there is none to be had. */
function libc(): ReturnType<typeof open> {
  if (loaded !== undefined) return loaded;
  let cause: unknown;
  for (const name of process.platform === "linux" || mac ? libraries : []) {
    try {
      loaded = open(name);
      return loaded;
    } catch (error) {
      cause = error;
    }
  }
  throw usageError("lock.noKernel", { platform: `${process.platform} ${process.arch}` }, cause);
}

/** How an flock ended; `interrupted` only for the one that sleeps. */
export type Flock = "locked" | "busy" | "interrupted";

function flock(fd: number, operation: number): Flock {
  const c = libc();
  if (c.flock(fd, operation) === 0) return "locked";
  // errno belongs to this thread and survives until its next call into libc: read it right now.
  const errno = c.errno();
  if (errno === EWOULDBLOCK) return "busy";
  if (errno === EINTR) return "interrupted";
  throw new LanesError("lock.flock", { errno });
}

/** Takes the exclusive flock of a descriptor if nobody else has it; never sleeps. @throws LanesError if the file system has none. */
export function tryFlock(fd: number): boolean {
  for (;;) {
    const outcome = flock(fd, LOCK_EX | LOCK_NB);
    if (outcome !== "interrupted") return outcome === "locked";
  }
}

/** Sleeps until this thread has the exclusive flock, or was woken by {@link wakeThread}. Blocks the calling thread. */
export function sleepInFlock(fd: number): "locked" | "interrupted" {
  return flock(fd, LOCK_EX) === "locked" ? "locked" : "interrupted";
}

/** Gives the flock up for every process that shares the description, a daemon that inherited it included. */
export function unlockFlock(fd: number): void {
  flock(fd, LOCK_UN);
}

/** The calling thread, for {@link wakeThread}. */
export function threadId(): bigint {
  return BigInt(libc().pthread_self());
}

/**
 * Makes {@link wakeThread} work in this process: a signal handler that does nothing (getpid, which may be called at any
 * moment), installed so that it interrupts a sleeping system call instead of restarting it. An exec resets it.
 */
export function prepareToWake(): void {
  const c = libc();
  c.signal(SIGURG, c.getpidAt ?? null);
  c.siginterrupt(SIGURG, 1);
}

/** Interrupts the flock a thread of this process sleeps in; without effect if it does not sleep at this moment. */
export function wakeThread(thread: bigint): void {
  libc().pthread_kill(thread, SIGURG);
}
