/** Waiting for something, but not for ever. */

/**
 * Whether the promise resolves within so many ms (for ever, where none are given).
 * @throws the signal's reason as soon as it is aborted; what the promise rejects with.
 */
export async function within(
  ms: number | undefined,
  promise: Promise<unknown>,
  signal?: AbortSignal,
): Promise<boolean> {
  signal?.throwIfAborted();
  const { promise: over, resolve, reject } = Promise.withResolvers<false>();
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  // A timer cannot be longer: 24 days, as good as for ever.
  const timer = ms === undefined || ms > 2 ** 31 - 1 ? undefined : setTimeout(() => resolve(false), Math.max(0, ms));
  try {
    return await Promise.race([promise.then(() => true), over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
