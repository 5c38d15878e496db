/**
 * The events of a recording that are worth a line, one after another as they happened, while it is being made. Only one
 * that arrives half a second late can stand out of its order: what was told cannot be taken back.
 */
import type { LaneEvent } from "../recording/event.ts";
import type { Recording } from "../recording/recording.ts";
import { MOST_BEHIND_MS, Reorder } from "../recording/reorder.ts";
import { isWorthALine } from "./events.ts";

export class EventLog {
  readonly #reorder = new Reorder(MOST_BEHIND_MS);
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** Tells every event from now on, a little after it happened, until {@link end}. */
  constructor(
    readonly recording: Recording,
    readonly tell: (event: LaneEvent) => void,
  ) {
    this.#unsubscribe = recording.subscribe((event) => {
      if (!isWorthALine(event)) return;
      this.#reorder.push(event, recording.elapsedMs);
      this.#timer ??= setTimeout(() => this.#tick(), this.#reorder.behindMs);
    });
  }

  /** Tells the rest. */
  end(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    this.#tellUntil(Number.POSITIVE_INFINITY);
  }

  #tick(): void {
    this.#timer = undefined;
    this.#tellUntil(this.recording.elapsedMs);
    if (this.#reorder.waiting > 0) this.#timer = setTimeout(() => this.#tick(), this.#reorder.behindMs);
  }

  #tellUntil(nowMs: number): void {
    for (const event of this.#reorder.take(nowMs).events) this.tell(event);
  }
}
