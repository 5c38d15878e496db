/** An event between processes: one says that something has happened, all who wait for it go on. Nobody owns it. */
import { CellKind, EventCell } from "../cells.ts";
import { Op } from "../frames.ts";
import { defineHandle, Handle, ObjectPlace } from "../handle.ts";
import { timeoutOf, type WaitOptions } from "../wait.ts";
import { emit, emitRun } from "../watch.ts";
import type { NameOptions } from "./lock.ts";

export class Event extends Handle {
  readonly #place: ObjectPlace;

  /** Not set. @throws LanesError `memory.many`, `memory.full`. */
  constructor(options: NameOptions | ObjectPlace = {}) {
    const place =
      options instanceof ObjectPlace
        ? options
        : ObjectPlace.make(CellKind.event, { title: "Event", name: options.name });
    super("event", place);
    this.#place = place;
  }

  get isSet(): boolean {
    return this.#place.load(EventCell.state) % 2 !== 0;
  }

  /** From now on nobody has to wait; all who wait go on, even if it is cleared at once. */
  set(): void {
    if (!this.#change(0)) return;
    const { shared, id } = this.#place;
    if (this.#place.load(EventCell.waiting) !== 0) shared.connection.tell(Op.eventSet, id);
  }

  /** From now on one has to wait. */
  clear(): void {
    this.#change(1);
  }

  /** Waits until it is set. @returns false if the timeout was over before. @throws the signal's reason. */
  async wait(options: WaitOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    const timeout = timeoutOf(options);
    const state = this.#place.load(EventCell.state);
    if (state % 2 !== 0) return true;
    if (timeout === 0) return false;
    const { shared, id, name } = this.#place;
    emit("wait", name);
    const { kind } = await shared.connection.ask(Op.eventWait, id, state, options);
    emitRun();
    if (kind === "granted") return true;
    options.signal?.throwIfAborted();
    return false;
  }

  /** From a state that is even (0) or odd (1) to the next one. @returns whether it was. */
  #change(parity: 0 | 1): boolean {
    const { page, at } = this.#place.cell;
    for (;;) {
      const state = Atomics.load(page.words, at + EventCell.state);
      if (Math.abs(state % 2) !== parity) return false;
      if (Atomics.compareExchange(page.words, at + EventCell.state, state, (state + 1) | 0) === state) return true;
    }
  }

  protected override state(): string {
    return this.isSet ? "set" : "not set";
  }
}

defineHandle("event", (place) => new Event(place));
