/**
 * The C library, for the lock. Without it there is no lock: the kernel's word is the half of it that nothing replaces, so
 * {@link openLibc} throws, and nothing is guessed.
 */
import type { FFIFunction } from "bun:ffi";
import { usageError } from "../errors.ts";
import { libcFunctions } from "../os/libc.ts";

/** Functions of the C library. @throws LanesError where there is no C library, or it lacks one of them. */
export function openLibc<Functions extends Record<string, FFIFunction>>(functions: Functions) {
  try {
    return libcFunctions(functions);
  } catch (error) {
    throw usageError("lock.noKernel", { platform: `${process.platform} ${process.arch}` }, (error as Error).cause);
  }
}
