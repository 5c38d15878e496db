/** What a pool is given, looked at: programs in JavaScript have no types to tell them. */
import { ProcessError } from "../errors.ts";
import { callerOf } from "../place/caller.ts";
import { locate } from "../place/locate.ts";
import type { FunctionPlace } from "../place/place.ts";
import { shown } from "../refusal.ts";

// biome-ignore lint/suspicious/noExplicitAny: any function at all; lanes.d.ts says which arguments it gets.
export type Task = (...args: any[]) => any;

/** Where a worker finds a function. @throws NotReachable; ProcessError if it is none. */
export function placeOf(task: Task, what: string): FunctionPlace {
  if (typeof task !== "function") throw new ProcessError("api.target", { what, value: shown(task) });
  return locate(task, what, () => callerOf()?.file ?? null);
}

/** A number from 1 on, or Infinity. @throws ProcessError. */
export function count(what: string, value: number): number {
  if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value > 0)) return value;
  throw wrong(what, "1, 2, 3 …", value);
}

/** @throws ProcessError */
export function mustBeArray(value: unknown, what: string): void {
  if (!Array.isArray(value)) throw wrong(what, "[ … ]", value);
}

/** @param async whether it may be an async one. @throws ProcessError */
export function mustBeIterable(value: unknown, async: boolean): void {
  const given = (value ?? {}) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
  if (typeof (given[Symbol.iterator] ?? (async ? given[Symbol.asyncIterator] : undefined)) === "function") return;
  throw wrong("items", "[ … ], new Set([ … ]), function* …", value);
}

const wrong = (what: string, wanted: string, value: unknown) =>
  new ProcessError("api.pool.argument", { what, wanted, value: shown(value) });

/** Calls back when the signal is aborted. @returns what to call when that is of no interest any more. */
export function onAbort(signal: AbortSignal | undefined, then: (reason: unknown) => void): () => void {
  const abort = () => then(signal?.reason);
  if (signal?.aborted) abort(); // while what comes before was done
  signal?.addEventListener("abort", abort, { once: true });
  return () => signal?.removeEventListener("abort", abort);
}
