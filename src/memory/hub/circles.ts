/** Circles of processes, each of which waits for a lock that the next one has: nobody in one goes on by itself. */

/** A process that waits for a lock, and the one that has it. */
export interface LockWait {
  /** The cell of the lock. */
  readonly lock: number;
  /** Of the one that waits, and of the one that has it: what they are called in the words, and their pids. */
  readonly waiter: number;
  readonly waiterPid: number;
  readonly holder: number;
  readonly holderPid: number;
}

/** One circle: each wait's holder is the next one's waiter. */
export type Circle = readonly LockWait[];

/**
 * The circles in these waits, of two processes or more: within one process another task may let go. Each is there once, whoever
 * of it is looked at first.
 */
export function circlesIn(waits: readonly LockWait[]): Circle[] {
  const from = Map.groupBy(waits, ({ waiter }) => waiter);
  const found = new Map<string, Circle>();
  const walk = (path: readonly LockWait[]) => {
    const [first, last] = [path[0], path.at(-1)];
    if (first === undefined || last === undefined) return;
    if (last.holder === first.waiter) {
      if (path.length > 1) found.set(keyOf(path), path);
      return;
    }
    if (path.some(({ waiter }) => waiter === last.holder)) return;
    for (const next of from.get(last.holder) ?? []) walk([...path, next]);
  };
  for (const wait of waits) walk([wait]);
  return [...found.values()];
}

/** The same for a circle, wherever it begins. */
export function keyOf(circle: Circle): string {
  return circle
    .map(({ waiter, lock, holder }) => `${waiter}-${lock}-${holder}`)
    .sort()
    .join(" ");
}
