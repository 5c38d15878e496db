/**
 * A file that was left to a waiter who did not want it any more: released, and nobody's. It is in nobody's way, and yet nobody would
 * ever remove it. So two look whether there is one: whoever has given up waiting, after it has left the line; and whoever has
 * released the lock to a waiter, after it has let go. With either order the other way round, or without one of them, files stay
 * (scripts/model/leftover.ts).
 */
import { attemptOnce } from "./lockfile.ts";
import { peek } from "./peek.ts";
import { release } from "./release.ts";
import { isExpected, turnstileOf } from "./wait/turnstile.ts";

/**
 * Removes a released lock file if nobody stands at the lock: it would take it over. Nothing that goes wrong here matters.
 * @param command what the record says is being done, for the moment it is held.
 */
export function removeLeftover(path: string, command: readonly string[]): void {
  try {
    if (isExpected(turnstileOf(path)) || peek(path).kind !== "released") return;
    const held = attemptOnce(path, { command, token: crypto.randomUUID(), inherit: false });
    if (held !== undefined) release(path, held.opened, held.owner.found ? "always" : "no");
  } catch {
    // The lock is free, whatever the file says.
  }
}
