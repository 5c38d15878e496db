/**
 * What each lane was doing at each moment: the fold's states, kept. Feeding it is cheap (a push into arrays), because it
 * happens inside the work; questions are answered when somebody draws.
 *
 * Always true: a lane's moments never go back, and its last state holds until its next moment.
 */
import type { LaneEvent } from "./event.ts";
import { Fold, hasEnded, type LaneNow, type LaneState } from "./fold.ts";

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

  constructor(
    /** The lane as it is now. */
    readonly now: LaneNow,
  ) {}

  get lane(): string {
    return this.now.lane;
  }

  get state(): LaneState | undefined {
    return this.#states.at(-1);
  }

  /** When it ended; Infinity while it lives. */
  get endMs(): number {
    return hasEnded(this.now.activity) ? (this.#times.at(-1) ?? 0) : Number.POSITIVE_INFINITY;
  }

  get startMs(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  /** It is in this state from now on. */
  goOn(state: LaneState, t: number): void {
    if (state === this.state) return;
    this.#times.push(Math.max(t, this.#times.at(-1) ?? 0));
    this.#states.push(state);
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

/** All lanes of a recording with their past, in the order they appeared. */
export class Histories {
  readonly #past = new Map<string, LaneHistory>();
  readonly #fold: Fold;
  /** Nothing runs any more, even if nobody was left to say when it ended: a child of one that was killed. */
  over = false;

  /** `sharing`: the lanes' reads and writes are of one thing that they share. */
  constructor(sharing: boolean) {
    this.#fold = new Fold(sharing);
  }

  /** The lanes, in the order they appeared; `main` is one of them. */
  get lanes(): readonly LaneHistory[] {
    return [...this.#past.values()];
  }

  lane(name: string): LaneHistory | undefined {
    return this.#past.get(name);
  }

  /** The lane of a process. */
  lanePid(pid: number): LaneNow | undefined {
    return this.#fold.lanePid(pid);
  }

  /** Locks seen so far, each with the lane that holds it; empty if none does. */
  get locks(): ReadonlyMap<string, string> {
    return this.#fold.locks;
  }

  /** The value written last, and when. */
  get lastWrite(): Fold["lastWrite"] {
    return this.#fold.lastWrite;
  }

  /** What `main` has said it is at; empty if nothing. */
  get phase(): string {
    return this.#fold.phase;
  }

  add(event: LaneEvent): void {
    const { lane, tells } = this.#fold.add(event);
    let past = this.#past.get(event.lane);
    if (past === undefined) {
      past = new LaneHistory(lane);
      this.#past.set(event.lane, past);
    }
    if (tells && lane.activity !== undefined) past.goOn(lane.activity.state, event.t);
  }

  /** Everything that has happened, folded. */
  static of(events: Iterable<LaneEvent>, sharing: boolean): Histories {
    const histories = new Histories(sharing);
    for (const event of events) histories.add(event);
    return histories;
  }
}
