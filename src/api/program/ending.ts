/** How a child of a user's program is ended, for whoever ends everything (process/live.ts). */
import type { Child } from "../../process/child.ts";
import type { Endable } from "../../process/live.ts";
import { within } from "../../process/within.ts";

/** SIGTERM, and SIGKILL when its time to end by itself is up. */
export function endableOf(child: Child): Endable {
  const stop = async (graceMs: number) => {
    if (child.endedMs !== null) return;
    child.kill("SIGTERM");
    if (!(await within(graceMs, child.ended))) child.kill("SIGKILL");
    await child.ended;
  };
  return { kill: () => child.kill("SIGKILL"), stop, join: () => child.ended };
}
