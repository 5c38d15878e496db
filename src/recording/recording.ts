/**
 * A recording: every event of one demo, run or map, kept in the order of its own clock. Live views, text logs, JSONL
 * streams and reports are readers of the same recording; the emitting side never waits for any of them.
 */
import { nowMs, sinceMs } from "./clock.ts";
import type { Happening, LaneEvent, Sink } from "./event.ts";

/** Where a process's events go: the clock's origin they are stamped against, and who takes them. */
export interface Timeline {
  /** The moment of `t` = 0, by {@link nowMs}. */
  readonly originMs: number;
  readonly sink: Sink;
}

export class Recording implements Timeline {
  readonly originMs: number;
  readonly #events: LaneEvent[] = [];
  readonly #listeners = new Set<Sink>();

  constructor(originMs = nowMs()) {
    this.originMs = originMs;
  }

  /** Ms since the recording began. */
  get elapsedMs(): number {
    return sinceMs(this.originMs);
  }

  /** Records an event that carries its own stamp, and shows it to the listeners. */
  readonly sink: Sink = (event) => {
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
  };

  /** Records something that happens now in this process, on lane `main` unless told otherwise. */
  emit(happening: Happening, stamp: { lane?: string; pid?: number; ppid?: number } = {}): void {
    const { lane = "main", pid = process.pid, ppid = process.ppid } = stamp;
    this.sink({ ...happening, t: this.elapsedMs, lane, pid, ppid });
  }

  /** Shows every event from now on to `listener`, until the returned function is called. */
  subscribe(listener: Sink): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The events so far, by time. Processes send theirs in batches, so they arrive out of order; events of one process keep
   * their order even where their times are equal.
   */
  events(): LaneEvent[] {
    return this.#events.toSorted((a, b) => a.t - b.t);
  }

  /** The events of one type, by time. */
  of<T extends LaneEvent["type"]>(type: T): Extract<LaneEvent, { type: T }>[] {
    return this.events().filter((event): event is Extract<LaneEvent, { type: T }> => event.type === type);
  }
}
