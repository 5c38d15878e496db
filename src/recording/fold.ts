/**
 * From events to who does what: the one place that knows what an event means for a lane, a lock, the shared value. Live view,
 * text, replay, page, picture and trace are told each {@link LaneChange} and keep of it what they show.
 *
 * Always true: memory is bounded by the lanes and the locks, whatever the number of events; a lock that has an owner is in that
 * lane's `held`, until the lane lets it go or ends.
 *
 * Longer than most files: what an event does to a lane and to its locks is said once, and here.
 */
import { type EventOf, hasFailed, type LaneEvent } from "./event.ts";

/**
 * `reads` is the time between a read and the write that follows it, outside a lock, even while it waits for something:
 * another process's write gets lost there. `holdsWaiting`: it holds a lock, and waits for something else: of such lanes
 * deadlocks are made. `stopped`: by a signal, whatever it holds. `rejected`: what it
 * wanted to write came too late, and it has done nothing since. `zombie`: it has exited, and its parent has not asked yet.
 */
export type LaneState = (typeof laneStates)[number];

/** In the order in which they are explained. */
export const laneStates = [
  "starts",
  "runs",
  "waits",
  "reads",
  "holds",
  "holdsWaiting",
  "stopped",
  "rejected",
  "zombie",
  "exited",
  "killed",
] as const;

/** What a lane waits for, as its event said: a lane to join, a lock, a pid. */
export interface WaitsFor {
  readonly kind: "join" | "wait";
  readonly on: string;
  readonly owner?: number;
}

/** What a lane does: its state, and what is known in that state alone. It changes as a whole, with an event that tells. */
export type LaneActivity =
  | { readonly state: "starts" | "runs" | "holds" | "stopped" | "rejected" | "zombie" }
  | {
      readonly state: "waits" | "holdsWaiting" | "reads";
      /** Undefined if nobody said what for; in `reads` if it does not wait. */
      readonly waitsFor?: WaitsFor;
      /** It was not allowed to start another process, and has nothing to do any more. */
      readonly refused?: true;
    }
  | { readonly state: "exited" | "killed"; readonly code: number | null; readonly signal: string | null };

/** A lane that nothing more will happen to, unless another process begins on it. */
export const hasEnded = (activity: LaneActivity | undefined) =>
  activity?.state === "exited" || activity?.state === "killed";

/** A lane as it is now. */
export interface LaneNow {
  readonly lane: string;
  /** Of its latest process. */
  readonly pid: number;
  readonly ppid: number;
  /** Undefined before anything has happened that tells. */
  readonly activity: LaneActivity | undefined;
  /** The locks it holds, or held when it ended. */
  readonly held: ReadonlySet<string>;
  /** The number of the lease it believes to hold; undefined if what it holds has none. */
  readonly fence: number | undefined;
  /** Writes so far. */
  readonly writes: number;
  /** What it read last. */
  readonly read: unknown;
}

/** What an event changed. Valid until the next event is added. */
export interface LaneChange {
  readonly event: LaneEvent;
  /** The lane after the event. */
  readonly lane: LaneNow;
  /** The event tells what its lane does from now on; not, if it only says something, or came after the lane's end. */
  readonly tells: boolean;
  /** How many locks the lane held before. */
  readonly heldBefore: number;
  /** The lock it has taken. */
  readonly taken: string | undefined;
  /** Whose lock that still was, by what that lane was told: of a lease there may be two. */
  readonly takenFrom: string | undefined;
  /** Locks that nobody holds any more because of this event: let go, or their holder has ended. */
  readonly freed: readonly string[];
}

const nothing: readonly string[] = [];

// Made once, because events are folded inside the work.
const starts = { state: "starts" } as const;
const runs = { state: "runs" } as const;
const holds = { state: "holds" } as const;
const stopped = { state: "stopped" } as const;
const rejected = { state: "rejected" } as const;
const zombie = { state: "zombie" } as const;
const hasRead = { state: "reads" } as const;
const waits = { state: "waits" } as const;
const refused = { state: "waits", refused: true } as const;

class FoldedLane implements LaneNow {
  activity: LaneActivity | undefined;
  fence: number | undefined;
  writes = 0;
  read: unknown;
  ppid = 0;
  readonly held = new Set<string>();
  #hasRead = false;

  constructor(
    readonly lane: string,
    public pid: number,
    readonly sharing: boolean,
  ) {}

  /** @returns whether the event tells what it does. */
  add(event: LaneEvent): boolean {
    if (event.type === "write") this.writes++;
    else if (event.type === "read") this.read = event.value;
    else if (event.type === "spawn") this.#begin();
    // The parent may see the end before the child's last words come through.
    if (hasEnded(this.activity) && event.type !== "spawn") return false;
    const activity = this.#after(event);
    if (activity === undefined) return false;
    this.activity = activity;
    return true;
  }

  /** Another process on the same lane: one after another do the work of a slot. */
  #begin(): void {
    this.held.clear();
    this.fence = undefined;
    this.#hasRead = false;
  }

  /** What an event leads to; undefined if it changes nothing. */
  #after(event: LaneEvent): LaneActivity | undefined {
    switch (event.type) {
      case "spawn":
        return "command" in event ? runs : starts; // a job has nothing to get ready for
      case "ready":
      case "run":
      case "begin":
      case "exec":
      case "continued":
        return this.#busy();
      case "stopped":
        return stopped;
      case "join":
      case "wait": {
        const state = this.held.size > 0 ? "holdsWaiting" : this.#hasRead ? "reads" : "waits";
        return { state, waitsFor: waitedFor(event) };
      }
      case "idle":
      case "chunk":
        return waits; // for items
      case "hold":
        this.held.add(event.on);
        this.fence = event.fence;
        return holds;
      case "release":
        this.held.delete(event.on);
        this.fence = undefined;
        return this.#busy();
      case "rejected":
        this.#hasRead = false; // what it has read is of no use any more
        return rejected;
      case "read":
      case "write":
        this.#hasRead = this.sharing && event.type === "read";
        return this.#busy();
      case "refused":
        return refused;
      case "zombie":
        return zombie;
      case "exit":
        return { state: hasFailed(event) ? "killed" : "exited", code: event.code, signal: event.signal };
      default:
        return undefined;
    }
  }

  #busy(): LaneActivity {
    return this.held.size > 0 ? holds : this.#hasRead ? hasRead : runs;
  }
}

function waitedFor(event: EventOf<"join"> | EventOf<"wait">): WaitsFor {
  if (event.type === "join") return { kind: "join", on: event.on };
  if ("why" in event) {
    const on = event.on === "" ? event.why : event.on;
    return event.by === undefined ? { kind: "wait", on } : { kind: "wait", on, owner: event.by };
  }
  return event.owner === undefined
    ? { kind: "wait", on: event.on }
    : { kind: "wait", on: event.on, owner: event.owner };
}

export class Fold {
  readonly #lanes = new Map<string, FoldedLane>();
  readonly #owners = new Map<string, string>();
  readonly #sharing: boolean;
  /** The value written last, and when. */
  lastWrite: { readonly value: unknown; readonly t: number } | undefined;
  /** What `main` has said it is at, in its last `run` that says anything; empty if in none. */
  phase = "";

  /** @param sharing the lanes' reads and writes are of one thing that they share. */
  constructor(sharing: boolean) {
    this.#sharing = sharing;
  }

  /** The lanes, in the order they appeared; `main` is one of them. */
  get lanes(): readonly LaneNow[] {
    return [...this.#lanes.values()];
  }

  lane(name: string): LaneNow | undefined {
    return this.#lanes.get(name);
  }

  /** The lane of a process. */
  lanePid(pid: number): LaneNow | undefined {
    for (const lane of this.#lanes.values()) if (lane.pid === pid) return lane;
    return undefined;
  }

  /** Locks seen so far, in the order they were first held, each with the lane that holds it; empty if none does. */
  get locks(): ReadonlyMap<string, string> {
    return this.#owners;
  }

  /** The next event in the order of time. Cheap: it can happen inside the work. */
  add(event: LaneEvent): LaneChange {
    let lane = this.#lanes.get(event.lane);
    if (lane === undefined) {
      lane = new FoldedLane(event.lane, event.pid, this.#sharing);
      this.#lanes.set(event.lane, lane);
    }
    lane.pid = event.pid;
    lane.ppid = event.ppid;
    const heldBefore = lane.held.size;
    const tells = lane.add(event);
    let taken: string | undefined;
    let takenFrom: string | undefined;
    let freed = nothing;
    switch (event.type) {
      case "write":
        if (event.t >= (this.lastWrite?.t ?? 0)) this.lastWrite = { value: event.value, t: event.t };
        break;
      case "run":
        if (event.lane === "main" && event.text !== undefined) this.phase = event.text;
        break;
      case "hold":
        if (event.fence !== undefined) takenFrom = this.#otherOwner(event.on, event.lane);
        this.#owners.set(event.on, event.lane);
        taken = event.on;
        break;
      case "release":
        if (this.#frees(event.on, event.lane)) freed = [event.on];
        break;
      case "exit": // whoever ends is gone from its locks: the kernel frees them
        if (lane.held.size > 0) freed = [...lane.held].filter((lock) => this.#frees(lock, event.lane));
        break;
    }
    return { event, lane, tells, heldBefore, taken, takenFrom, freed };
  }

  #otherOwner(lock: string, lane: string): string | undefined {
    const owner = this.#owners.get(lock);
    return owner === undefined || owner === "" || owner === lane ? undefined : owner;
  }

  #frees(lock: string, lane: string): boolean {
    if (this.#owners.get(lock) !== lane) return false;
    this.#owners.set(lock, "");
    return true;
  }
}
