/**
 * A lock that whoever has it may take again. Whoever: in JavaScript that is the code that runs because of the call that took it, and
 * what it awaits, not a thread. So it is had for a function, and other tasks of the same process wait.
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import { CellKind } from "../cells.ts";
import { defineHandle, Handle, ObjectPlace } from "../handle.ts";
import type { Shared } from "../shared.ts";
import type { WaitOptions } from "../wait.ts";
import { Mutex, type NameOptions } from "./lock.ts";

/** What is held by the code that runs. The same cell is the same lock, whichever handle one has of it. */
interface Held {
  readonly shared: Shared;
  readonly id: number;
  isOver: boolean;
  readonly outer: Held | undefined;
}
let storage: AsyncLocalStorage<Held> | undefined;
const held = (): AsyncLocalStorage<Held> => {
  storage ??= new (process.getBuiltinModule("node:async_hooks").AsyncLocalStorage)<Held>();
  return storage;
};

export class RLock extends Handle {
  readonly #mutex: Mutex;

  constructor(options: NameOptions | ObjectPlace = {}) {
    const place =
      options instanceof ObjectPlace
        ? options
        : ObjectPlace.make(CellKind.lock, { title: "RLock", name: options.name });
    super("rlock", place);
    this.#mutex = new Mutex(place);
  }

  /** Whether anybody has it. */
  get isLocked(): boolean {
    return this.#mutex.isLocked;
  }

  /**
   * Has it while `body` runs, and may take it again in there.
   * @returns what that returns. @throws what that throws; LanesError `memory.timeout`, the signal's reason.
   */
  async with<T>(body: () => T | Promise<T>, options: WaitOptions = {}): Promise<Awaited<T>> {
    const outer = held().getStore();
    const { shared, id } = this.#mutex.place;
    for (let each = outer; each !== undefined; each = each.outer)
      if (each.shared === shared && each.id === id && !each.isOver) return await body();
    using _ = await this.#mutex.hold(options);
    const mine: Held = { shared, id, isOver: false, outer };
    try {
      return await held().run(mine, async () => await body());
    } finally {
      // What was started in there and not awaited has it no more.
      mine.isOver = true;
    }
  }

  protected override state(): string {
    return this.#mutex.state;
  }
}

defineHandle("rlock", (place) => new RLock(place));
