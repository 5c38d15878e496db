/** Waiting for what one process after another has: a lock, a permit. */
import type { ObjectPlace } from "../handle.ts";
import { timeoutOf, type WaitOptions } from "../wait.ts";
import { emit } from "../watch.ts";

interface Ways {
  /** Takes it if that needs no wait. */
  tryAcquire(): boolean;
  /** The hub has given it to this process. */
  taken(): void;
}

/**
 * Waits for what cannot be had at once, and takes it. @param op what the hub is asked for.
 * @returns false if the timeout was over before. @throws the signal's reason; LanesError `memory.ended`.
 */
export async function waitToAcquire(
  place: ObjectPlace,
  op: number,
  options: WaitOptions,
  ways: Ways,
): Promise<boolean> {
  const { shared, name, id } = place;
  if (shared.peer === 0) await shared.ready;
  if (timeoutOf(options) === 0) return ways.tryAcquire();
  emit("wait", name);
  const { kind } = await shared.connection.ask(op, id, 0, options);
  if (kind === "granted") {
    ways.taken();
    return true;
  }
  options.signal?.throwIfAborted();
  return false;
}
