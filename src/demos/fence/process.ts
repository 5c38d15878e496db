/** One of the two processes: what it does on the record, and where it waits for its parent's word. */
import { currentProcess } from "../../process/index.ts";
import type { LeasePlace, Rejection, Way, Where } from "./place.ts";

/** The lease, as events name it. */
export const LEASE = "lease";
/** At the latest so long after it was not to be had it is asked for again, ms. */
const LOOK_MS = 20;
/** A lease is over a moment later than it says, by another clock. */
const AFTER_MS = 1;

/** What a process tells its parent, which answers it when it may go on. */
export type Word =
  | { readonly at: "turn" }
  /** It holds the lease, was told that it does, and is about to write. */
  | { readonly at: "halfway" }
  | { readonly at: "written"; readonly rejected: Rejection | null };

async function say(word: Word): Promise<unknown> {
  const me = currentProcess();
  me.send(word);
  return me.receive();
}

/** Takes turns: adds one in each way it is told of, until it is told of no more. */
export async function inTurns(
  where: Where,
  leaseMs: number,
  addOne: (place: LeasePlace) => Promise<void>,
): Promise<void> {
  const me = currentProcess();
  for (;;) {
    me.emit({ type: "wait", on: "work" });
    const way = (await say({ at: "turn" })) as Way | null;
    me.emit({ type: "run" });
    if (way === null) return;
    using place = recorded(await openPlace(where, way, leaseMs));
    await addOne(place);
  }
}

/** Every process has a connection of its own. */
async function openPlace(where: Where, way: Way, leaseMs: number): Promise<LeasePlace> {
  if ("file" in where) return new (await import("./sqlite.ts")).SqlitePlace(where.file, way, leaseMs);
  return new (await import("./farm.ts")).FarmPlace(where.farm, way, leaseMs);
}

/** Anything can happen here. */
export async function halfway(): Promise<void> {
  await say({ at: "halfway" });
}

/** It has written, and works on for so many ms; or was refused. */
export async function written(rejected: Rejection | null, workMs: number): Promise<void> {
  await Promise.all([say({ at: "written", rejected }), Bun.sleep(rejected === null ? workMs : 0)]);
}

/** Waits for the lease. @returns its number. */
export async function takeLease(place: LeasePlace): Promise<number> {
  const me = currentProcess();
  for (let waits = false; ; waits = true) {
    const taken = await place.take();
    if (typeof taken === "number") {
      me.emit({ type: "hold", on: LEASE, fence: taken });
      return taken;
    }
    const { owner, leftMs } = taken;
    if (!waits) me.emit({ type: "wait", on: LEASE, ...(owner === undefined ? {} : { owner }) });
    await Bun.sleep(Math.min(LOOK_MS, Math.max(0, leftMs) + AFTER_MS));
  }
}

/** The same place, with what happens there on the record. */
function recorded(place: LeasePlace): LeasePlace {
  const me = currentProcess();
  return {
    take: () => place.take(),
    async renew(fence) {
      const mine = await place.renew(fence);
      if (!mine) me.emit({ type: "release", on: LEASE });
      return mine;
    },
    async release(fence) {
      me.emit({ type: "release", on: LEASE });
      await place.release(fence);
    },
    async read(fence) {
      const value = await place.read(fence);
      me.emit({ type: "read", value });
      return value;
    },
    async write(value, fence) {
      const rejected = await place.write(value, fence);
      me.emit(
        rejected === null ? { type: "write", value } : { type: "rejected", value, fence, newest: rejected.newest },
      );
      return rejected;
    },
    [Symbol.dispose]: () => place[Symbol.dispose](),
  };
}
