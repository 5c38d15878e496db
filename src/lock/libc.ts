/**
 * The C library through `bun:ffi`. Without it there is no lock: the kernel's word is the half of it that nothing replaces, so
 * {@link openLibc} throws, and nothing is guessed.
 */
import { dlopen, type FFIFunction, type Pointer, read } from "bun:ffi";
import { usageError } from "../errors.ts";

const mac = process.platform === "darwin";

/** What it is called: glibc; musl, by its own name, then by the generic one; macOS. */
const names = mac
  ? ["libSystem.B.dylib"]
  : process.platform === "linux"
    ? ["libc.so.6", process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1", "libc.so"]
    : [];

/** Functions of the C library. @throws LanesError where there is no C library, or it lacks one of them. */
export function openLibc<Functions extends Record<string, FFIFunction>>(functions: Functions) {
  let cause: unknown;
  for (const name of names) {
    try {
      return dlopen(name, functions).symbols;
    } catch (error) {
      cause = error;
    }
  }
  throw usageError("lock.noKernel", { platform: `${process.platform} ${process.arch}` }, cause);
}

const signature = { args: [], returns: "ptr" } as const;
let location: ReturnType<typeof findErrno> | undefined;

/** The error number of the last call into libc that failed, on this thread: to be asked for right after it. */
export function errno(): number {
  location ??= findErrno();
  return read.i32(Number(location()) as Pointer, 0);
}

const findErrno = () =>
  mac ? openLibc({ __error: signature }).__error : openLibc({ __errno_location: signature }).__errno_location;
