/**
 * Events as they arrive, handed on in the order in which they happened. Processes send theirs in batches, so one of P1 may
 * arrive after a later one of P2; whoever draws what is known at once draws two holders of a lock that only one held.
 *
 * Always true: what has been handed on is in the order of `t`, unless {@link OrderedEvents.late} said otherwise; an event is kept
 * back until everything that happened before it has had the time to arrive, as far as this recording's own delays tell.
 */
import type { LaneEvent } from "./event.ts";

/** A child batches for 16 ms (process/current.ts), and so does each process its events come through. */
const LEAST_BEHIND_MS = 50;
/** However busy the machine: a picture further behind is none of what happens now. */
export const MOST_BEHIND_MS = 500;

export interface OrderedEvents {
  /** In the order of `t`; those of one moment as they arrived. */
  readonly events: readonly LaneEvent[];
  /** Everything up to this moment has been handed on, ms. */
  readonly untilMs: number;
  /** Some of it happened before what was handed on earlier: it came later than anything before. */
  readonly late: boolean;
}

export class Reorder {
  #waiting: LaneEvent[] = [];
  #behindMs: number;
  #untilMs = 0;
  #lastMs = 0;

  /** @param behindMs how long to keep an event back to begin with. */
  constructor(behindMs = LEAST_BEHIND_MS) {
    this.#behindMs = behindMs;
  }

  /** Ms an event is kept back: more than any took to arrive so far. */
  get behindMs(): number {
    return this.#behindMs;
  }

  /** How many are kept back. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** An event that arrived at `nowMs` of the recording. Cheap: it happens inside the work. */
  push(event: LaneEvent, nowMs: number): void {
    this.#waiting.push(event);
    const wanted = (nowMs - event.t) * 1.25;
    if (wanted > this.#behindMs) this.#behindMs = Math.min(wanted, MOST_BEHIND_MS);
  }

  /** What has waited long enough at `nowMs`; all of it for Infinity. */
  take(nowMs: number): OrderedEvents {
    this.#untilMs = Math.max(this.#untilMs, nowMs - this.#behindMs);
    const waiting = this.#waiting.toSorted((a, b) => a.t - b.t);
    const later = waiting.findIndex((event) => event.t > this.#untilMs);
    const events = later < 0 ? waiting : waiting.slice(0, later);
    this.#waiting = later < 0 ? [] : waiting.slice(later);
    const late = (events[0]?.t ?? Number.POSITIVE_INFINITY) < this.#lastMs;
    this.#lastMs = Math.max(this.#lastMs, events.at(-1)?.t ?? 0);
    return { events, untilMs: this.#untilMs, late };
  }
}
