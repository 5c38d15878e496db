/**
 * Starting this program again as something else. A compiled executable that spawns itself starts main.ts whatever the
 * arguments, so every self-spawn goes through `selfCommand` (os/self-command.ts): a sentinel that main.ts tests before anything else, and
 * a depth carried in the environment. Whoever forgets the sentinel would fork without end; whoever recurses on purpose is
 * stopped by {@link childDepth}.
 */

import { LanesError } from "../errors.ts";
import { NO_ORPHANS_VARIABLE } from "../os/bun.ts";
import { environment } from "../os/bytes/bytes.ts";

export { selfCommand } from "../os/exec/self-command.ts";

/** Generations of lanes below the one a person started; more than any demo or nested `lanes` in a script needs. */
export const DEPTH_LIMIT = 8;
const DEPTH_VARIABLE = "LANES_DEPTH";
const LIMIT_VARIABLE = "LANES_DEPTH_LIMIT";

/** How many generations of lanes are above this process: 0 in the one a person started. */
export function currentDepth(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const depth = Number(env[DEPTH_VARIABLE] ?? 0);
  return Number.isInteger(depth) && depth >= 0 ? depth : DEPTH_LIMIT;
}

/** How deep this process and those below it may go: {@link DEPTH_LIMIT}, or less where {@link limitGenerations} was called. */
function depthLimit(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const limit = Number(env[LIMIT_VARIABLE] ?? DEPTH_LIMIT);
  return Number.isInteger(limit) && limit >= 0 ? Math.min(limit, DEPTH_LIMIT) : DEPTH_LIMIT;
}

/**
 * From now on this process has at most so many generations below it. It can only take away: what was not allowed before is
 * not allowed afterwards.
 */
export function limitGenerations(generations: number): void {
  process.env[LIMIT_VARIABLE] = String(Math.min(depthLimit(), currentDepth() + generations));
}

/**
 * The depth a child of this process has.
 * @throws LanesError `error.depth` beyond {@link depthLimit}.
 */
export function childDepth(): number {
  const [depth, limit] = [currentDepth(), depthLimit()];
  if (depth >= limit) throw new LanesError("error.depth", { depth, limit });
  return depth + 1;
}

/**
 * From now on what runs in this process counts as a generation below it: a program that starts lanes on itself comes to an end.
 * @throws LanesError `error.depth` beyond {@link depthLimit}.
 */
export function enterGeneration(): void {
  process.env[DEPTH_VARIABLE] = String(childDepth());
}

/** With one of these a process opens Bun's debugger at an address, or says there that it has begun. */
const INSPECTOR_VARIABLES = ["BUN_INSPECT", "BUN_INSPECT_CONNECT_TO", "BUN_INSPECT_NOTIFY"];

/**
 * The environment of a self-spawned child: this one's without its debugger, and the depth.
 * @param dieWithParent the child is killed by the kernel when this process ends, however that happens
 *   (`run.noOrphans` in Bun's bunfig documentation: PR_SET_PDEATHSIG on Linux, kqueue on macOS), even while it computes.
 */
export function selfEnvironment(dieWithParent: boolean): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...environment(), [DEPTH_VARIABLE]: String(childDepth()) };
  if (dieWithParent) env[NO_ORPHANS_VARIABLE] = "1";
  else delete env[NO_ORPHANS_VARIABLE];
  // Its port, or socket, is this process's already: a child that wants it too ends while it starts.
  for (const name of INSPECTOR_VARIABLES) delete env[name];
  return env;
}

/**
 * The environment of a command that is not lanes but may start it: this one's, and the depth, so that a script that runs
 * `lanes run` on itself ends.
 * @throws LanesError `error.depth` beyond {@link depthLimit}.
 */
export function jobEnvironment(): Record<string, string | undefined> {
  return { ...environment(), [DEPTH_VARIABLE]: String(childDepth()) };
}
