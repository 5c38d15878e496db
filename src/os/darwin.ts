/**
 * Functions of macOS's C library, for what is asked at every start: bun:ffi is loaded only there, and by the name it goes by
 * at run time, because importing it (libc.ts does) takes a millisecond of the start on Linux as well.
 */
import type { FFIFunction } from "bun:ffi";
import { libSystem } from "./platform.ts";

/** @throws Error if it lacks one of them. */
export function darwinFunctions<Functions extends Record<string, FFIFunction>>(functions: Functions) {
  const { dlopen } = process.getBuiltinModule("bun:ffi") as typeof import("bun:ffi");
  return dlopen(libSystem, functions).symbols;
}
