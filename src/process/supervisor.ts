/** Ending everything that was started here: on Ctrl-C, on a signal, on an error. */
import { allLive, GRACE_MS } from "./live.ts";

/**
 * Stops every process started here: SIGTERM, and SIGKILL for those that are still there after `graceMs` (0: at once).
 * Resolves when all have ended and been collected.
 */
export async function stopAll(graceMs = GRACE_MS): Promise<void> {
  await Promise.all(
    allLive().map(async (child) => {
      if (graceMs > 0) return child.stop(graceMs);
      child.kill();
      await child.join();
    }),
  );
}
