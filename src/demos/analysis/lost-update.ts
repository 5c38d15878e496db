/**
 * Finds lost updates in a record of reads and writes. Everybody adds one to what they read; so if nothing is lost, each
 * write is one more than the write before it. A write that is less was made from a value read before that other write: it
 * overwrites updates that its process never saw, one or several; and whoever had read them may bring them back.
 */
import type { LaneEvent } from "../../recording/event.ts";

/** One read or write of the shared count, as recorded. */
export interface Access {
  readonly type: "read" | "write";
  readonly t: number;
  readonly lane: string;
  readonly pid: number;
  readonly round: number;
  readonly value: number;
}

/** One lost update, spelled out. */
export interface LostUpdate {
  /** Who read which value when: first the process whose update was lost, then the one that overwrote it. */
  readonly reads: readonly [Access, Access];
  /** The write that was lost, then the one that overwrote it. */
  readonly writes: readonly [Access, Access];
  /** How many updates are lost by it, for good. */
  readonly updates: number;
}

/** The reads and writes of processes (not of `main`, which sets the count to 0), by time; unreadable reads left out. */
export function accessesOf(events: readonly LaneEvent[]): Access[] {
  return events.flatMap((event) => {
    if ((event.type !== "read" && event.type !== "write") || event.lane === "main") return [];
    const { type, t, lane, pid, round, value } = event;
    return typeof value === "number" ? [{ type, t, lane, pid, round: round ?? 0, value }] : [];
  });
}

/**
 * The clearest lost update in a record, or null if there is none: if it can be, one in which both read the same value,
 * and both before either wrote.
 * @param accesses by time, as {@link accessesOf} gives them.
 */
export function findLostUpdate(accesses: readonly Access[]): LostUpdate | null {
  let best: LostUpdate | null = null;
  let bestClarity = 0;
  for (const found of lostUpdates(accesses)) {
    const clarity = clarityOf(found);
    if (clarity > bestClarity) [best, bestClarity] = [found, clarity];
    if (clarity === 3) break;
  }
  return best;
}

/** How well it can be told, 1 to 3: 3 if both read the same value, and both before either wrote. */
export function clarityOf({ reads: [lost, over], writes }: LostUpdate): number {
  return 1 + Number(over.t < writes[0].t) + Number(lost.value === over.value);
}

/**
 * Every write that set the count back, and for good. Each write should make it one more than the write before; by how much it is
 * less, so many updates are lost; by how much it is more, so many are brought back, of those lost last. So all their `updates`
 * together are what is missing from the count at the end.
 */
export function lostUpdates(accesses: readonly Access[]): LostUpdate[] {
  const lost: { readonly found: LostUpdate; updates: number }[] = [];
  /** What each process did last. */
  const last = new Map<string, Access>();
  let before: { readonly write: Access; readonly read: Access } | undefined;
  for (const access of accesses) {
    const { lane, type, value } = access;
    if (type === "write") {
      const read = last.get(lane); // or, where it gave up reading, what it went on from
      // Whoever has read nothing has not missed anything, either: that is no addition to what was there.
      let updates = before === undefined || read === undefined ? 0 : before.write.value + 1 - value;
      if (before !== undefined && read !== undefined && updates > 0)
        lost.push({ found: { reads: [before.read, read], writes: [before.write, access], updates }, updates });
      for (let latest = lost.at(-1); updates < 0 && latest !== undefined; latest = lost.at(-1)) {
        const back = Math.min(latest.updates, -updates);
        latest.updates -= back;
        updates += back;
        if (latest.updates === 0) lost.pop();
      }
      before = { write: access, read: read ?? access };
    }
    last.set(lane, access);
  }
  return lost.map(({ found, updates }) => ({ ...found, updates }));
}
