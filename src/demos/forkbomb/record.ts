/** What the record of demo `forkbomb` says: who started whom, who was refused, and whether it has come to rest. */
import type { LaneEvent } from "../../recording/event.ts";

export type RefusedEvent = Extract<LaneEvent, { type: "refused" }>;

/** A process of the tree, as its own first line said. */
export interface Member {
  readonly lane: string;
  readonly pid: number;
  readonly ppid: number;
  /** The process that was started first is the first generation. */
  readonly generation: number;
  /** How many it has started. */
  readonly started: number;
}

export interface BombRecord {
  /** Every process that was created, by generation. */
  readonly members: readonly Member[];
  /** How many there are of each generation, from the first on. */
  readonly sizes: readonly number[];
  readonly refusals: readonly RefusedEvent[];
  /** Nobody has anything left to start: each has started as many as it wanted, or was refused. */
  readonly settled: boolean;
  /** One of them has ended: somebody killed it, and what it had still to start will never be. */
  readonly broken: boolean;
}

/** P1 is 1, P1.2 is 2, P1.2.1 is 3. */
const generationOf = (lane: string) => lane.split(".").length;

/** Reads the record. @param children how many each process wants to start. */
export function bombRecord(events: readonly LaneEvent[], children: number): BombRecord {
  const all = events.filter(({ lane }) => lane !== "main");
  const refusals = all.filter((event): event is RefusedEvent => event.type === "refused");
  const spawned = new Map(all.filter(({ type }) => type === "spawn").map((event) => [event.pid, event]));
  const ready = new Map(all.filter(({ type }) => type === "ready").map((event) => [event.pid, event]));
  const members = [...spawned.values()]
    .map((spawn): Member => {
      const { lane, pid, ppid } = ready.get(spawn.pid) ?? spawn;
      const started = [...spawned.values()].filter((other) => other.ppid === pid).length;
      return { lane, pid, ppid, generation: generationOf(lane), started };
    })
    .toSorted((a, b) => a.generation - b.generation || a.lane.localeCompare(b.lane, "en", { numeric: true }));
  const last = members.at(-1)?.generation ?? 0;
  const sizes = Array.from({ length: last }, (_, i) => members.filter(({ generation }) => generation === i + 1).length);
  const refused = new Set(refusals.map(({ pid }) => pid));
  const settled =
    members.length > 0 &&
    members.every(({ pid, started }) => ready.has(pid) && (started === children || refused.has(pid)));
  const ended = new Set(all.filter(({ type }) => type === "exit").map(({ pid }) => pid));
  const broken = members.some(({ pid }) => ended.has(pid));
  return { members, sizes, refusals, settled, broken };
}

/** Whether every generation has `children` times as many processes as the one before, from one on. */
export function hasGrown({ sizes }: BombRecord, children: number): boolean {
  return sizes.length > 0 && sizes.every((size, i) => size === children ** i);
}

/** Whether the processes of the last generation, and nobody else, were refused, each once, at the very limit. */
export function wasRefused({ members, sizes, refusals }: BombRecord): boolean {
  const last = members.filter(({ generation }) => generation === sizes.length).map(({ pid }) => pid);
  const pids = new Set(refusals.map(({ pid }) => pid));
  const atLimit = refusals.every(({ by, depth, limit }) => by === "total" || (by === "depth" && depth === limit));
  return (
    refusals.length > 0 &&
    refusals.length === pids.size &&
    last.length === pids.size &&
    last.every((pid) => pids.has(pid)) &&
    atLimit
  );
}
