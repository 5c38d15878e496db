/** A deadlock is a circle of processes, each of which waits for what the next one has. Finds it; knows no lock, no demo. */

/** A process that waits, and for what. */
export interface WaitingProcess {
  readonly lane: string;
  readonly pid: number;
  readonly waitsFor: string;
}

/** One of a circle. */
export interface Link extends WaitingProcess {
  /** What it has, and the one before it in the circle waits for. */
  readonly holds: string;
  /** Who has what it waits for: the next one in the circle. */
  readonly owner: number;
}

/**
 * The first circle among the waiters, in the order of waiting: each link's owner is the next one, the last one's the first.
 * Empty if there is none: then at least one who is waited for does not wait itself.
 * @param owners the pid that has each thing.
 */
export function findCycle(waiters: readonly WaitingProcess[], owners: ReadonlyMap<string, number>): Link[] {
  const byPid = new Map(waiters.map((waiter) => [waiter.pid, waiter]));
  for (const start of waiters) {
    const path: WaitingProcess[] = [];
    for (let next: WaitingProcess | undefined = start; next !== undefined; ) {
      path.push(next);
      next = byPid.get(owners.get(next.waitsFor) ?? 0);
      if (next === start) return linked(path, owners);
      if (next !== undefined && path.includes(next)) break; // a circle that start is not in: found from one of its own
    }
  }
  return [];
}

function linked(circle: readonly WaitingProcess[], owners: ReadonlyMap<string, number>): Link[] {
  return circle.map((waiter, i) => ({
    lane: waiter.lane,
    pid: waiter.pid,
    holds: circle.at(i - 1)?.waitsFor ?? "",
    waitsFor: waiter.waitsFor,
    owner: owners.get(waiter.waitsFor) ?? 0,
  }));
}
