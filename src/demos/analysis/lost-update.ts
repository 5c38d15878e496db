/**
 * Finds lost updates in a record of reads and writes. Everybody adds one to what they read; so if nothing is lost, each
 * write is one more than the write before it. A write that is not was made from a value read before that other write:
 * it overwrites an update that its process never saw.
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

/** Every write that is not one more than another process's write just before it, with the reads both were made from. */
export function* lostUpdates(accesses: readonly Access[]): Generator<LostUpdate> {
  const lastRead = new Map<string, Access>();
  let before: { write: Access; read: Access | undefined } | undefined;
  for (const access of accesses) {
    if (access.type === "read") {
      lastRead.set(access.lane, access);
      continue;
    }
    const last = lastRead.get(access.lane);
    const read = last?.round === access.round ? last : undefined; // else it gave up reading, and went on from memory
    const lost = before !== undefined && before.write.lane !== access.lane && access.value !== before.write.value + 1;
    if (lost && before?.read && read) yield { reads: [before.read, read], writes: [before.write, access] };
    before = { write: access, read };
  }
}
