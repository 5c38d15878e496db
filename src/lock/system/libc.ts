/**
 * The C library, for the lock. Without it there is no lock: the kernel's word is the half of it that nothing replaces, so
 * {@link openLibc} throws, and nothing is guessed.
 */
import type { FFIFunction } from "bun:ffi";
import { libcReason, usageError } from "../../errors.ts";
import { LibcError, libcFunctions } from "../../os/libc.ts";

/** Functions of the C library. @throws LanesError that says which one cannot be called, and why. */
export function openLibc<Functions extends Record<string, FFIFunction>>(functions: Functions) {
  try {
    return libcFunctions(functions);
  } catch (error) {
    if (!(error instanceof LibcError)) throw error;
    throw usageError("lock.cannotCall", { reason: libcReason(error) }, error);
  }
}
