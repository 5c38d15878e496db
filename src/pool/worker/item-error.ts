/** What a worker says of an item that failed: whose error it is (the input's, the result's, the function's, the clock's), and how it is told. */
import type { ItemError } from "../../recording/results/map-result.ts";
import { tell } from "../../thrown.ts";
import { InputError } from "./input.ts";
import { ResultError } from "./result.ts";

/** What an item's signal is aborted with when its time is up. */
export function timeoutError(timeoutMs: number): DOMException {
  return new DOMException(`not done within ${timeoutMs} ms`, "TimeoutError");
}

/**
 * @param error what was thrown: anything.
 * @param lateMs the time the item had, if that was up; null if it was not. What it says itself is then the cause.
 */
export function itemError(error: unknown, lateMs: number | null): ItemError {
  if (InputError.is(error)) return { kind: "input", name: error.name, message: error.message, stack: "" };
  if (ResultError.is(error)) return { kind: "result", name: error.name, message: error.message, stack: "" };
  const told = tell(error);
  if (lateMs === null) return { ...told, name: told.name || "Error", kind: "throw" };
  const { name, message } = timeoutError(lateMs);
  const isOurs = told.name === name && told.message === message;
  return { kind: "timeout", name, message, stack: isOurs ? told.stack : "", ...(isOurs ? {} : { cause: told }) };
}
