/** What can become of an item besides a result, and when it is tried again. */
import { printableJson, printableJsonText } from "../os/bytes/printable.ts";
import type { FailureKind, ItemError } from "../recording/results/map-result.ts";
import type { ErrorData } from "../thrown.ts";
import type { Tries } from "./items/chunk.ts";

/** How a worker ended, for the one who answers for its item. */
export interface WorkerEnd {
  /** `SIGSEGV`, `exit code 3`. */
  readonly ending: string;
  /** What it said itself before it ended: `exit code 0`. */
  readonly detail: string;
  /** The error that nobody caught. */
  readonly error?: ErrorData;
}

/** What the pool says of an item whose worker ended. */
export function workerError(
  kind: FailureKind,
  { ending, detail, error }: WorkerEnd,
  limits: { readonly timeoutMs: number | null; readonly maxRssBytes: number | null },
): ItemError {
  const stack = "";
  switch (kind) {
    case "timeout":
      return { kind, name: "TimeoutError", message: `not done within ${limits.timeoutMs} ms`, stack, killed: true };
    case "memory": {
      const message = `its worker grew beyond ${limits.maxRssBytes} bytes`;
      return { kind, name: "MemoryError", message, stack, killed: true };
    }
    case "exit":
      return { kind, name: "ExitError", message: `it ended its worker (${detail})`, stack };
    case "uncaught":
      if (error !== undefined) return { ...error, name: error.name || "Error", kind };
      return { kind, name: "Error", message: detail, stack };
    default:
      return { kind, name: "CrashError", message: `its worker died (${ending})`, stack };
  }
}

/**
 * The line in the place of a failed item's result (`--on-error record`).
 * @param item its JSON.
 */
export function recordOf(index: number, item: string, attempts: number, error: ItemError): Buffer {
  const record = `{"error":${printableJson(recorded(error))},"index":${index},"item":${printableJsonText(item)},"attempts":${attempts}}`;
  return Buffer.from(`${record}\n`);
}

/** An error as it stands in a record: what it carries beside its name and message, and not what is empty. */
function recorded({ name, message, stack, fields, cause, errors }: ErrorData): object {
  return {
    ...{ name: name || "Error", message },
    ...fields,
    ...(stack === "" ? {} : { stack }),
    ...(cause === undefined ? {} : { cause: recorded(cause) }),
    ...(errors === undefined ? {} : { errors: errors.map(recorded) }),
  };
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
