/** What is asked of the database about a lock. Each can be asked again when its answer was lost (schema.ts). */
import type { FarmConnection } from "../connection.ts";
import type { FarmProcess } from "../owner.ts";

/** The channel on which the next in line is told; the payload is who that is. */
export const LOCK_CHANNEL = "lanes_lock";

/** Who holds a lock or waits for it, as others are told. */
export interface FarmOwner extends FarmProcess {
  readonly command: readonly string[];
}

/** Which lock is wanted, by whom. */
export interface LeaseClaim {
  readonly name: string;
  /** How many may be in at once, each with a slot of its own; 0: one, with the lock itself. */
  readonly slots: number;
  /** What this one acquisition goes by: nobody else's, of whatever process. */
  readonly holder: string;
  readonly owner: FarmOwner;
  readonly leaseMs: number;
}

/** A lock that was obtained. */
export interface Grant {
  readonly fence: number;
  readonly slot: number;
}

export interface Acquired extends Grant {
  /** Until then nobody else can have it, on bootMs (os/boot-clock.ts): counted from before it was asked for. */
  readonly untilMs: number;
  readonly waitedMs: number;
}

/** Why it was not obtained. */
export interface LeaseRefusal {
  /** How many stand before us in the line. */
  readonly ahead: number;
  /** Until anything can change without our being told, ms. */
  readonly leftMs: number;
  /** One of those who hold it; undefined: nobody does, it is another's turn. */
  readonly owner: FarmOwner | undefined;
  readonly holders: readonly string[];
}

const TRY = `select fence::float8, slot, left_ms, owner, holders, ahead
  from lanes.lock_try($1::text, $2::int, $3::text, $4::jsonb, $5::float8 * interval '1 ms')`;

interface TryRow {
  readonly fence: number | null;
  readonly slot: number;
  readonly left_ms: number;
  readonly owner: FarmOwner | null;
  readonly holders: readonly string[] | null;
  readonly ahead: number;
}

/** Gets the lock, or a place in the line. */
export async function tryFarmLock(
  connection: FarmConnection,
  claim: LeaseClaim,
  withinMs: number,
): Promise<Grant | LeaseRefusal> {
  const { name, slots, holder, owner, leaseMs } = claim;
  const [row] = await connection.query<TryRow>(TRY, [name, slots, holder, owner, leaseMs], withinMs);
  if (row === undefined) throw new Error("no row");
  if (row.fence !== null) return { fence: row.fence, slot: row.slot };
  return { ahead: row.ahead, leftMs: row.left_ms, owner: row.owner ?? undefined, holders: row.holders ?? [] };
}

const RENEW = `select lanes.lock_renew($1::text, $2::int, $3::text, $4::bigint, $5::float8 * interval '1 ms') as held`;

/** Holds it for another lease. @returns false if it is not ours any more. */
export async function renewLock(
  connection: FarmConnection,
  claim: LeaseClaim,
  { fence, slot }: Grant,
  withinMs: number,
) {
  const values = [claim.name, slot, claim.holder, fence, claim.leaseMs];
  const [row] = await connection.query<{ held: boolean }>(RENEW, values, withinMs);
  return row?.held ?? false;
}

/** What is needed to let go of a lock. */
export type HeldLease = Pick<LeaseClaim, "name" | "holder"> & Pick<Grant, "slot">;

/** Lets go of it; whoever is next is told. @returns false if it was not held any more. */
export async function freeLock(
  connection: FarmConnection,
  { name, holder, slot }: HeldLease,
  withinMs: number,
): Promise<boolean> {
  const [row] = await connection.query<{ held: boolean }>(
    "select lanes.lock_free($1::text, $2::int, $3::text) as held",
    [name, slot, holder],
    withinMs,
  );
  return row?.held ?? false;
}

/** Leaves the line, and gives back what may have been given. */
export async function leaveLine(
  connection: FarmConnection,
  { name, holder }: LeaseClaim,
  withinMs: number,
): Promise<void> {
  await connection.query("select lanes.lock_leave($1::text, $2::text)", [name, holder], withinMs);
}

const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(", ");

/** What makes locks that nobody holds, as a part of another statement. @param names of a-z, 0-9 and - alone. */
export const makingLocks = (names: readonly string[]): string => `
  insert into lanes.lock (name, slot) select n, 0 from unnest(array[${listed(names)}]) n;
  insert into lanes.fence (name, slot) select n, 0 from unnest(array[${listed(names)}]) n;`;

/**
 * What removes every trace of locks, as a part of another statement; it may be repeated. Their numbers begin anew after that: only for
 * names that nobody will ever ask for again. @param names as of {@link makingLocks}.
 */
export const removingLocks = (names: readonly string[]): string => `
  perform 1 from lanes.lock where name in (${listed(names)}) for update;
  delete from lanes.wait where name in (${listed(names)});
  delete from lanes.fence where name in (${listed(names)});
  delete from lanes.lock where name in (${listed(names)});`;

/** Takes it from whoever holds it. @returns how many had it. */
export async function breakFarmLock(connection: FarmConnection, name: string, force: boolean): Promise<number> {
  const [row] = await connection.query<{ broken: number }>("select lanes.lock_break($1::text, $2::bool) as broken", [
    name,
    force,
  ]);
  return row?.broken ?? 0;
}

/** One slot of a lock; slot 0 is the lock itself. */
export interface SlotState {
  readonly name: string;
  readonly slot: number;
  readonly fence: number;
  /** `stale`: its lease is over, the next one gets it; `ending`: it was broken, and its command has not ended yet. */
  readonly state: "free" | "held" | "stale" | "ending";
  readonly holder: string | null;
  readonly owner: FarmOwner | null;
  /** ISO 8601, by the database's clock. */
  readonly since: string | null;
  readonly leaseLeftMs: number | null;
}

export interface LeaseWaiter {
  readonly name: string;
  readonly owner: FarmOwner | null;
  readonly since: string;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const SLOTS = `select l.name, l.slot, c.fence::float8, l.holder, l.owner, to_char(l.since at time zone 'UTC', ${ISO}) as since,
    case when l.lease is null then 'free' when l.lease <= lanes.clock() then 'stale'
      when l.holder is null then 'ending' else 'held' end as state,
    greatest(0, extract(epoch from l.lease - lanes.clock()) * 1000)::float8 as "leaseLeftMs"
  from lanes.lock l join lanes.fence c using (name, slot)
  where ($1::text is null and l.lease is not null) or l.name = $1 order by l.name, l.slot`;
const LINE = `select name, owner, to_char(since at time zone 'UTC', ${ISO}) as since from lanes.wait
  where lease > lanes.clock() and ($1::text is null or name = $1) order by name, ticket`;

/** A lock's slots and its line; of all locks that are held, if none is named. */
export async function lockStates(connection: FarmConnection, name: string | null) {
  const slots = await connection.query<SlotState>(SLOTS, [name]);
  const waiting = await connection.query<LeaseWaiter>(LINE, [name]);
  return {
    slots: slots.map((slot) => ({ ...slot, leaseLeftMs: slot.state === "free" ? null : slot.leaseLeftMs })),
    waiting,
  };
}
