/**
 * The C library, for the lock. Without it there is no lock: the kernel's word is the half of it that nothing replaces, so
 * {@link openLibc} throws, and nothing is guessed.
 */
import type { FFIFunction } from "bun:ffi";
import { usageError } from "../../errors.ts";
import { LibcError, libcFunctions } from "../../os/libc.ts";

/** Functions of the C library. @throws LanesError that says which one cannot be called, and why. */
export function openLibc<Functions extends Record<string, FFIFunction>>(functions: Functions) {
  try {
    return libcFunctions(functions);
  } catch (error) {
    if (!(error instanceof LibcError)) throw error;
    const platform = `${process.platform} ${process.arch}`;
    const { missing: name } = error;
    throw error.reason === "memory"
      ? usageError("lock.noExecutableMemory", { name }, error)
      : usageError("lock.noFunction", { name, platform }, error);
  }
}
