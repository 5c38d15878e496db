/** Telling a person *which* part of their data cannot be sent to another process. */

/**
 * The path of the first value inside `value` that structured clone refuses (`args[0].callback`), or the path itself.
 * Called only after cloning the whole has failed, so its cost does not matter.
 */
export function unclonablePath(value: unknown, path: string, seen = new Set<unknown>()): string {
  if (typeof value !== "object" || value === null || seen.has(value)) return path;
  seen.add(value);
  const inner: [string, unknown][] =
    value instanceof Map
      ? [...value].map(([key, item]) => [`${path}.get(${String(key)})`, item])
      : value instanceof Set
        ? [...value].map((item, index) => [`${path}[${index}]`, item])
        : Object.entries(value).map(([key, item]) => [
            Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`,
            item,
          ]);
  for (const [innerPath, item] of inner) {
    if (!seen.has(item) && !canClone(item)) return unclonablePath(item, innerPath, seen);
  }
  return path;
}

function canClone(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
