/**
 * A record, step by step: a step is an event. Everything is folded once; what held at a step is then found by bisection,
 * so that going to any of a million is as quick as going to the next.
 *
 * Always true: what is said of a step is what the events up to it, and none after it, tell.
 */

import type { EventType, LaneEvent } from "../../recording/event.ts";
import { Fold, type LaneActivity, type LaneChange } from "../../recording/fold.ts";
import type { MarkedCode } from "../../recording/results/demo.ts";

/** A lane at a step. */
export interface LaneAtStep {
  readonly lane: string;
  readonly pid: number;
  /** Undefined before it began. */
  readonly activity: LaneActivity | undefined;
  /** Its event before or at the step. */
  readonly last: LaneEvent | undefined;
  /** What it read last. */
  readonly read: unknown;
  /** The number of the lease it believes to hold. */
  readonly fence: number | undefined;
  /** The index of the line of the shown code it is at; undefined if nobody says. */
  readonly line: number | undefined;
}

/** The index of the first number greater than `limit`, by bisection. */
export function firstAfter(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What was so from a step on, for each step at which it changed. */
class Since<T> {
  readonly #steps: number[] = [];
  readonly #values: T[] = [];

  set(step: number, value: T): void {
    if (this.#steps.length > 0 && this.#values.at(-1) === value) return;
    this.#steps.push(step);
    this.#values.push(value);
  }

  /** Undefined before it was first set. */
  at(step: number): T | undefined {
    return this.#values[firstAfter(this.#steps, step) - 1];
  }

  get last(): T | undefined {
    return this.#values.at(-1);
  }
}

/** A lane, at each of its steps. */
class Track {
  readonly event = new Since<LaneEvent>();
  readonly activity = new Since<LaneActivity | undefined>();
  readonly read = new Since<unknown>();
  readonly fence = new Since<number | undefined>();
  readonly line = new Since<number | undefined>();
}

export class Steps {
  readonly #tracks = new Map<string, Track>();
  readonly #owners = new Map<string, Since<string>>();
  readonly #value = new Since<unknown>();
  /** The lanes, in the order they appeared. */
  readonly lanes: readonly string[];
  /** The locks, in the order they were first held. */
  readonly locks: readonly string[];

  /**
   * @param events by time.
   * @param sharing as of Fold.
   */
  constructor(
    readonly events: readonly LaneEvent[],
    sharing: boolean,
    code?: MarkedCode,
  ) {
    const fold = new Fold(sharing);
    for (const [step, event] of events.entries()) this.#add(step, fold.add(event), code);
    this.lanes = [...this.#tracks.keys()];
    this.locks = [...this.#owners.keys()];
  }

  /** How many there are. */
  get count(): number {
    return this.events.length;
  }

  lane(lane: string, step: number): LaneAtStep {
    const track = this.#tracks.get(lane);
    const last = track?.event.at(step);
    return {
      lane,
      pid: last?.pid ?? 0,
      last,
      activity: track?.activity.at(step),
      read: track?.read.at(step),
      fence: track?.fence.at(step),
      line: track?.line.at(step),
    };
  }

  /** Whether it is held at any time. */
  isLock(name: string): boolean {
    return this.#owners.has(name);
  }

  /** The lane that holds a lock; empty if none does. */
  owner(lock: string, step: number): string {
    return this.#owners.get(lock)?.at(step) ?? "";
  }

  /** What was written last; undefined if nothing was. */
  value(step: number): unknown {
    return this.#value.at(step);
  }

  #add(step: number, { event, lane, heldBefore, taken, freed }: LaneChange, code: MarkedCode | undefined): void {
    const track = this.#tracks.get(event.lane) ?? new Track();
    this.#tracks.set(event.lane, track);
    const after: EventType | undefined = track.event.last?.type;
    track.event.set(step, event);
    track.activity.set(step, lane.activity);
    track.fence.set(step, lane.fence);
    const line = event.type === "exit" || event.type === "spawn" ? null : code?.lineOf(event, after, heldBefore);
    if (line !== undefined) track.line.set(step, line ?? undefined);
    if (event.type === "read") track.read.set(step, event.value);
    if (event.type === "write") this.#value.set(step, event.value);
    if (taken !== undefined) this.#owner(taken).set(step, event.lane);
    for (const lock of freed) this.#owner(lock).set(step, "");
  }

  #owner(lock: string): Since<string> {
    const owner = this.#owners.get(lock) ?? new Since<string>();
    this.#owners.set(lock, owner);
    return owner;
  }
}
