/** Whether what a function has returned is to be awaited: a call of `await` for each result costs more than a small function. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
