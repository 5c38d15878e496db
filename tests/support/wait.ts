/** Waiting for a condition, never for a time. */

/** Resolves when `condition` holds; rejects, saying what was awaited, if it has not after `limitMs`. */
export async function until(what: string, condition: () => unknown, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await Bun.sleep(5);
  }
}
