/** Waiting for a condition, never for a time. */

const LOOK_MS = 5;
/** Between two looks counts at most so much, ms: a machine so busy that we are late ourselves is late for everybody. */
const COUNTED_MS = 3 * LOOK_MS;
/** The test runner's own limit is two minutes; a wait that reaches it could not say what it was for. */
const MOST_MS = 100_000;

/**
 * Resolves when `condition` holds; rejects, saying what was awaited, if it has not after `limitMs` on a machine that has time
 * for us: where it is busy, later.
 */
export async function until(what: string, condition: () => unknown, limitMs = 20_000): Promise<void> {
  const began = performance.now();
  let counted = 0;
  for (let looked = began; !(await condition()); ) {
    await Bun.sleep(LOOK_MS);
    const now = performance.now();
    counted += Math.min(now - looked, COUNTED_MS);
    looked = now;
    if (counted < limitMs && now - began < Math.max(MOST_MS, limitMs)) continue;
    throw new Error(`waited ${Math.round(now - began)} ms in vain for: ${what}`);
  }
}
