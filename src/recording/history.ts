/**
 * What each lane was doing at each moment, folded from events. Feeding it is cheap (a push into arrays), because it
 * happens inside the work; questions are answered when somebody draws.
 *
 * Always true: a lane's moments never go back, and its last state holds until its next moment.
 */
import type { LaneEvent } from "./event.ts";

/**
 * `reads` is the time between a read and the write that follows it, outside a lock, even while it waits for something:
 * another process's write gets lost there. `zombie`: it has exited, and its parent has not asked yet.
 */
export type LaneState = "starts" | "runs" | "waits" | "holds" | "reads" | "zombie" | "exited" | "killed";

/** A stretch of one state. */
export interface Stretch {
  readonly state: LaneState;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One lane's past. */
export class LaneHistory {
  readonly #times: number[] = [];
  readonly #states: LaneState[] = [];
  readonly #held = new Set<string>();
  #hasRead = false;
  ppid = 0;
  /** Writes so far. */
  writes = 0;
  /** What it waits for, as its event said: a lane to join, a lock, a pid. */
  waitsFor: { readonly kind: "join" | "wait"; readonly on: string; readonly owner?: number } | undefined;
  /** It was not allowed to start another process, and nothing has happened since. */
  refused = false;
  ending: { readonly code: number | null; readonly signal: string | null } | undefined;

  constructor(
    readonly lane: string,
    public pid: number,
    /** Reads and writes are of one thing that all lanes share, so the time between them matters. */
    readonly sharing: boolean,
  ) {}

  /** The locks it holds now, or held when it ended. */
  get held(): ReadonlySet<string> {
    return this.#held;
  }

  get state(): LaneState | undefined {
    return this.#states.at(-1);
  }

  /** When it ended; Infinity while it lives. */
  get endMs(): number {
    return this.ending === undefined ? Number.POSITIVE_INFINITY : (this.#times.at(-1) ?? 0);
  }

  get startMs(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  add(event: LaneEvent): void {
    if (event.type === "write") this.writes++;
    if (event.type === "spawn") this.#begin();
    if (this.ending !== undefined) return; // the parent saw the end before the child's last words came through
    const state = this.#after(event);
    if (state === undefined) return;
    this.waitsFor = waiting(event);
    this.refused = event.type === "refused";
    if (state === this.state) return;
    this.#times.push(Math.max(event.t, this.#times.at(-1) ?? 0));
    this.#states.push(state);
  }

  /** Another process on the same lane: one after another do the work of a slot. */
  #begin(): void {
    this.ending = undefined;
    this.#held.clear();
    this.#hasRead = false;
  }

  /** The state an event leads to; undefined if it changes nothing. */
  #after(event: LaneEvent): LaneState | undefined {
    switch (event.type) {
      case "spawn":
        return "starts";
      case "ready":
      case "run":
        return this.#busy();
      case "join":
      case "wait":
        return this.#hasRead ? "reads" : "waits";
      case "hold":
        this.#held.add(event.on);
        return "holds";
      case "release":
        this.#held.delete(event.on);
        return this.#busy();
      case "read":
      case "write":
        this.#hasRead = this.sharing && event.type === "read";
        return this.#busy();
      case "refused":
        return "waits"; // it has nothing to do any more
      case "zombie":
        return "zombie";
      case "exit":
        this.ending = { code: event.code, signal: event.signal };
        return event.signal === null && (event.code ?? 0) === 0 ? "exited" : "killed";
      default:
        return undefined;
    }
  }

  #busy(): LaneState {
    return this.#held.size > 0 ? "holds" : this.#hasRead ? "reads" : "runs";
  }

  /** The state at a moment; undefined before its first. */
  at(t: number): LaneState | undefined {
    const index = this.#indexAt(t);
    return index < 0 ? undefined : this.#states[index];
  }

  /** The stretches that overlap a window, whole; the last one ends at `nowMs`. */
  *stretches(fromMs: number, toMs: number, nowMs: number): Generator<Stretch> {
    for (let i = Math.max(0, this.#indexAt(fromMs)); i < this.#times.length; i++) {
      const begin = this.#times[i] ?? 0;
      if (begin >= toMs) return;
      const state = this.#states[i];
      if (state !== undefined) yield { state, fromMs: begin, toMs: this.#times[i + 1] ?? Math.max(nowMs, begin) };
    }
  }

  /** The last moment not after `t`, by bisection; -1 if there is none. */
  #indexAt(t: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] ?? 0) <= t) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function waiting(event: LaneEvent): LaneHistory["waitsFor"] {
  if (event.type === "join") return { kind: "join", on: event.on };
  if (event.type !== "wait") return undefined;
  return event.owner === undefined
    ? { kind: "wait", on: event.on }
    : { kind: "wait", on: event.on, owner: event.owner };
}

/** All lanes of a recording, in the order they appeared. */
export class Histories {
  readonly #lanes = new Map<string, LaneHistory>();
  readonly #holders = new Map<string, string>();
  readonly #sharing: boolean;
  /** Nothing runs any more, even if nobody was left to say when it ended: a child of one that was killed. */
  over = false;
  /** The value written last, and when. */
  lastWrite: { readonly value: unknown; readonly t: number } | undefined;

  /** `sharing`: the lanes' reads and writes are of one thing that they share. */
  constructor(sharing: boolean) {
    this.#sharing = sharing;
  }

  /** The lanes, in the order they appeared; `main` is one of them. */
  get lanes(): readonly LaneHistory[] {
    return [...this.#lanes.values()];
  }

  lane(name: string): LaneHistory | undefined {
    return this.#lanes.get(name);
  }

  /** The lane of a process. */
  lanePid(pid: number): LaneHistory | undefined {
    for (const lane of this.#lanes.values()) if (lane.pid === pid) return lane;
    return undefined;
  }

  /** Locks seen so far, each with the lane that holds it, if one does. */
  get locks(): ReadonlyMap<string, string> {
    return this.#holders;
  }

  add(event: LaneEvent): void {
    let lane = this.#lanes.get(event.lane);
    if (lane === undefined) {
      lane = new LaneHistory(event.lane, event.pid, this.#sharing);
      this.#lanes.set(event.lane, lane);
    }
    lane.pid = event.pid;
    lane.ppid = event.ppid;
    lane.add(event);
    if (event.type === "write" && event.t >= (this.lastWrite?.t ?? 0)) {
      this.lastWrite = { value: event.value, t: event.t };
    } else if (event.type === "hold") this.#holders.set(event.on, event.lane);
    else if (event.type === "release" && this.#holders.get(event.on) === event.lane) this.#holders.set(event.on, "");
    else if (event.type === "exit") {
      for (const lock of lane.held) if (this.#holders.get(lock) === event.lane) this.#holders.set(lock, "");
    }
  }

  /** Everything that has happened, folded. */
  static of(events: Iterable<LaneEvent>, sharing: boolean): Histories {
    const histories = new Histories(sharing);
    for (const event of events) histories.add(event);
    return histories;
  }
}
