/** Errors that are the caller's: they look as if they came from the user's own call. */
import { GuardMissing, ProcessError } from "./errors.ts";
import { callerOf } from "./place/caller.ts";
import type { Named } from "./place/place.ts";
import { mayStart } from "./program/self.ts";

/** @param above the function of the library that the user called. @throws GuardMissing where no process may be started. */
export function refuseWithoutGuard(above: Named): void {
  if (mayStart()) return;
  const call = callerOf();
  const at = call === null ? "?" : `${call.file}:${call.line}:${call.column}`;
  throw fromCall(new GuardMissing("api.guard", { at }), above);
}

/** @param call how it is to be called. @throws ProcessError for what is no object, such as a function where Python has one. */
export function mustBeOptions(value: unknown, call: string): void {
  if (typeof value !== "object" || value === null) throw new ProcessError("api.options", { call, value: shown(value) });
}

/** The error without the frames of lanes' own. */
export function fromCall<E extends Error>(error: E, above: Named): E {
  Error.captureStackTrace(error, above);
  return error;
}

/** Does something, and throws its errors so. */
export function withinCall<T>(above: Named, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error ? fromCall(error, above) : error;
  }
}

/** A value that should have been another, in a message: programs in JavaScript have no types to tell them. */
export const shown = (value: unknown): string => Bun.inspect(value, { depth: 1 }).slice(0, 80);
