/**
 * The C library through `bun:ffi`, for what Bun has no call of its own for.
 *
 * Which functions it has depends on its age: what came late (statx, getdents64) is called by its number, through
 * {@link systemCalls}; what moved (the pthread functions, out of libpthread.so.0 into libc.so.6 with glibc 2.34) is looked for
 * in both.
 */
import { dlopen, type FFIFunction, type Pointer, read } from "bun:ffi";
import { isMac, libSystem } from "./platform.ts";

/** What it is called: glibc, and its threads; musl, by its own name, then by the generic one; macOS. */
const names = isMac
  ? [libSystem]
  : [
      "libc.so.6",
      "libpthread.so.0",
      process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1",
      "libc.so",
    ];

/** Numbers of system calls (asm/unistd_64.h, asm-generic/unistd.h), for syscall(2). */
export const systemCalls =
  process.arch === "arm64" ? ({ getdents64: 61, statx: 291 } as const) : ({ getdents64: 217, statx: 332 } as const);

/** Why a function of the C library cannot be called. */
export class LibcError extends Error {
  override readonly name = "LibcError";
  constructor(
    /** `memory`: no machine code may be made here, which calling C takes; `function`: there is none of this name. */
    readonly reason: "memory" | "function",
    /** The first one that cannot be called. */
    readonly missing: string,
    cause: unknown,
  ) {
    super(`${missing}: ${cause instanceof Error ? cause.message : "no C library is known"}`, { cause });
  }
}

/**
 * Functions of the C library. Variadic ones can be called on Linux, where 64-bit machines pass their arguments like any
 * other's; on macOS they cannot. @throws LibcError where there is no C library, it lacks one of them, or none may be called.
 */
export function libcFunctions<Functions extends Record<string, FFIFunction>>(functions: Functions) {
  for (const library of names) {
    try {
      return dlopen(library, functions).symbols;
    } catch {
      // By another name, or not all in one library: one by one, then.
    }
  }
  const found = Object.entries(functions).map(([name, signature]) => [name, libcFunction(name, signature)]);
  return Object.fromEntries(found) as ReturnType<typeof dlopen<Functions>>["symbols"];
}

function libcFunction(name: string, signature: FFIFunction): unknown {
  let cause: unknown;
  for (const library of names) {
    try {
      return dlopen(library, { [name]: signature }).symbols[name];
    } catch (error) {
      // The library that is there says more than those that are not.
      if (cause === undefined || !isNoLibrary(error)) cause = error;
      if (isNoMemory(error)) throw new LibcError("memory", name, error);
    }
  }
  throw new LibcError("function", name, cause);
}

const isNoLibrary = (error: unknown) => (error as { code?: unknown }).code === "ERR_DLOPEN_FAILED";

/** Bun says so in these words where JavaScriptCore has found no memory that can be executed, and says no more of it. */
const isNoMemory = (error: unknown) => String(error).includes("requires the JIT");

const signature = { args: [], returns: "ptr" } as const;
let location: ReturnType<typeof findErrno> | undefined;

/** The error number of the last call into the C library that failed, on this thread: to be asked for right after it. */
export function errno(): number {
  location ??= findErrno();
  return read.i32(Number(location()) as Pointer, 0);
}

const findErrno = () =>
  isMac
    ? libcFunctions({ __error: signature }).__error
    : libcFunctions({ __errno_location: signature }).__errno_location;
