/**
 * The lanes of a recording that is still being made. Always true: they are what folding the sorted recording up to
 * {@link untilMs} gives, whatever the order in which its events arrived.
 */
import type { LaneEvent } from "./event.ts";
import { Histories } from "./history.ts";
import type { Recording } from "./recording.ts";
import { Reorder } from "./reorder.ts";

export class LiveHistories {
  readonly #reorder = new Reorder();
  readonly #recording: Pick<Recording, "events">;
  readonly #sharing: boolean;
  #histories: Histories;
  #untilMs = 0;

  /** `sharing` as of {@link Histories}. Events from now on come through {@link add}. */
  constructor(recording: Pick<Recording, "events">, sharing: boolean) {
    this.#recording = recording;
    this.#sharing = sharing;
    this.#histories = Histories.of([], sharing);
    for (const event of recording.events()) this.add(event, event.t);
  }

  /** The lanes as they were at {@link untilMs}. */
  get histories(): Histories {
    return this.#histories;
  }

  /** What is known for sure ends here, ms. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** An event that was recorded at `nowMs`. */
  add(event: LaneEvent, nowMs: number): void {
    this.#reorder.push(event, nowMs);
  }

  /** Goes on to what can be known at `nowMs`. */
  advance(nowMs: number): void {
    const { events, untilMs, late } = this.#reorder.take(nowMs);
    this.#untilMs = untilMs;
    if (late) this.#fold(untilMs);
    else for (const event of events) this.#histories.add(event);
  }

  /** The recording is complete: all of it, up to `nowMs`. */
  finish(nowMs: number): void {
    this.#untilMs = nowMs;
    this.#fold(Number.POSITIVE_INFINITY);
    this.#histories.over = true;
  }

  #fold(untilMs: number): void {
    const known = this.#recording.events().filter(({ t }) => t <= untilMs);
    this.#histories = Histories.of(known, this.#sharing);
  }
}
