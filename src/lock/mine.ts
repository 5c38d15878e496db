/** Whether a lock is held already by the command that this process is a part of. */
import { isOurs } from "./held-locks.ts";
import { absolute } from "./path.ts";
import { status } from "./status.ts";

/**
 * By the tokens that a command was started with: of a lock that was taken since by somebody else, or released, the token is
 * another one. @throws LanesError if there can be no lock at this path.
 */
export function isHeldHere(path: string): boolean {
  const { state, owner } = status(absolute(path));
  return state === "held" && owner !== null && isOurs(owner.token);
}
