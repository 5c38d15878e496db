/** What can become of an item besides a result, and when it is tried again. */
import { printableJson } from "../os/printable.ts";
import type { Tries } from "./chunk.ts";

/**
 * `throw`: the function threw or rejected; `result`: it returned what cannot be printed; `input`: the line is not JSON or not
 * UTF-8; `timeout`: its time was up; `exit`: user code ended the worker (process.exit); `crash`: the worker died, or an
 * error outside the function's own promise ended it; `memory`: the worker was killed for its size.
 */
export type FailureKind = "throw" | "result" | "input" | "timeout" | "exit" | "crash" | "memory";

/** Why an item failed, in a form that can be sent and printed. */
export interface ItemError {
  readonly kind: FailureKind;
  readonly name: string;
  readonly message: string;
  /** Name, message and the user's own frames; empty if there are none. */
  readonly stack: string;
}

/** An item that failed for good. */
export interface Failure {
  /** Its number in the input, from 0. */
  readonly index: number;
  /** The beginning of the item itself. */
  readonly text: string;
  readonly attempts: number;
  readonly lane: string;
  readonly error: ItemError;
}

/** What the pool says of an item whose worker ended. */
export function workerError(
  kind: FailureKind,
  ending: string,
  detail: string,
  limits: { readonly timeoutMs: number | null; readonly maxRssBytes: number | null },
): ItemError {
  const stack = kind === "crash" ? detail : "";
  switch (kind) {
    case "timeout":
      return { kind, name: "TimeoutError", message: `not done within ${limits.timeoutMs} ms`, stack };
    case "memory":
      return { kind, name: "MemoryError", message: `its worker grew beyond ${limits.maxRssBytes} bytes`, stack };
    case "exit":
      return { kind, name: "ExitError", message: `it ended its worker (${detail})`, stack };
    default:
      return { kind, name: "CrashError", message: `its worker died (${ending})`, stack };
  }
}

/** The line in the place of a failed item's result (`--on-error record`). */
export function recordOf(index: number, { name, message, stack }: ItemError): Buffer {
  const error = { name, message, ...(stack === "" ? {} : { stack }) };
  return Buffer.from(`${printableJson({ error, index })}\n`);
}

/** Times an item whose worker died is tried again unless the person says otherwise: the killer may have been another. */
const CRASH_RETRIES = 2;

/**
 * The most retries more that an item gets when other suspects have turned out innocent: someone kills workers at random
 * then, and the same item may well be hit again.
 */
const MOST_DOUBTS = 8;

/** Of an item in whose midst its worker grew too large: earlier items may have filled the memory. */
const MEMORY_RETRIES = 1;

/**
 * Whether an item is tried again after it failed.
 * @param tries this failure included.
 * @param retries what the person asked for; null if nothing: then only a crash is tried again, because it need not be the
 *   item's fault (someone killed the worker, or an earlier item left something behind).
 * @param innocent items so far whose worker died and that then succeeded.
 */
export function triedAgain(kind: FailureKind, tries: Tries, retries: number | null, innocent: number): boolean {
  if (kind === "input") return false;
  if (kind !== "crash" && kind !== "memory") return tries.attempts <= (retries ?? 0);
  const least = kind === "memory" ? MEMORY_RETRIES : CRASH_RETRIES + Math.min(innocent, MOST_DOUBTS);
  const allowed = retries === 0 ? 0 : Math.max(retries ?? 0, least);
  return tries.crashes <= allowed && tries.attempts <= Math.max(allowed, retries ?? 0);
}
