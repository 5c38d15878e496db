/** The C library through `bun:ffi`, for what Bun has no call of its own for. */
import { dlopen, type FFIFunction, type Pointer, read } from "bun:ffi";

const mac = process.platform === "darwin";

/** What it is called: glibc; musl, by its own name, then by the generic one; macOS. */
const names = mac
  ? ["libSystem.B.dylib"]
  : process.platform === "linux"
    ? ["libc.so.6", process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1", "libc.so"]
    : [];

/**
 * Functions of the C library. Variadic ones can be called on Linux, where 64-bit machines pass their arguments like any
 * other's; on macOS they cannot. @throws Error where there is no C library, or it lacks one of them.
 */
export function libcFunctions<Functions extends Record<string, FFIFunction>>(functions: Functions) {
  let cause: unknown;
  for (const name of names) {
    try {
      return dlopen(name, functions).symbols;
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`no C library on ${process.platform} ${process.arch}`, { cause });
}

const signature = { args: [], returns: "ptr" } as const;
let location: ReturnType<typeof findErrno> | undefined;

/** The error number of the last call into the C library that failed, on this thread: to be asked for right after it. */
export function errno(): number {
  location ??= findErrno();
  return read.i32(Number(location()) as Pointer, 0);
}

const findErrno = () =>
  mac ? libcFunctions({ __error: signature }).__error : libcFunctions({ __errno_location: signature }).__errno_location;
