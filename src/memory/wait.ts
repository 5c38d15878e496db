/** How long one is willing to wait. */
import { LanesError } from "../errors.ts";

/** Both may be given: whichever comes first. */
export interface WaitOptions {
  /** ms; for ever by default. 0: only if it need not wait. */
  readonly timeout?: number | undefined;
  /** Aborting it ends the wait, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The longest time that setTimeout knows; more is for ever. */
const MOST_MS = 2 ** 31 - 1;

/** The timeout in ms, or undefined for none. @throws LanesError `memory.ms` for what is no time. */
export function timeoutOf({ timeout }: WaitOptions): number | undefined {
  if (timeout === undefined) return undefined;
  if (typeof timeout !== "number" || Number.isNaN(timeout))
    throw new LanesError("memory.ms", { value: String(timeout) });
  return timeout > MOST_MS ? undefined : Math.max(0, timeout);
}
