/**
 * Semaphores between processes: a number of permits. What a process holds is free when it dies. When it ends because it is done,
 * what it has taken of a plain Semaphore stays taken, for a semaphore may also be used to signal (one process releases, another
 * acquires); a BoundedSemaphore is a number of places, and a process that has ended takes none.
 */
import { LanesError } from "../../errors.ts";
import { CellKind, SemaphoreCell } from "../cells.ts";
import { Op } from "../frames.ts";
import { defineHandle, Handle, ObjectPlace } from "../handle.ts";
import { ownShared } from "../shared.ts";
import type { WaitOptions } from "../wait.ts";
import { emit } from "../watch.ts";
import { waitToAcquire } from "./acquire.ts";
import { Hold } from "./held.ts";
import type { NameOptions } from "./lock.ts";
import { makePermits, Permits } from "./permits.ts";

/** More is a mistake: each is a word in memory. */
const MOST = 100_000;

function make(title: string, value: number, isBounded: boolean, name: string | undefined): ObjectPlace {
  if (!Number.isInteger(value) || value < 0 || value > MOST)
    throw new LanesError("memory.argument", {
      what: `${title}(value)`,
      wanted: `0 … ${MOST}`,
      value: String(value),
    });
  const permits = makePermits(ownShared().arena, value);
  const words = { [SemaphoreCell.bound]: isBounded ? Math.max(1, value) : 0, [SemaphoreCell.permits]: permits };
  return ObjectPlace.make(CellKind.semaphore, { words, title, name });
}

export class Semaphore extends Handle {
  readonly #place: ObjectPlace;
  readonly #permits: Permits;

  /** @param value how many permits there are at first. @throws LanesError `memory.argument`, `memory.many`, `memory.full`. */
  constructor(value: number | ObjectPlace = 1, options: NameOptions = {}, kind = "semaphore") {
    const place = value instanceof ObjectPlace ? value : make(titles[kind]!, value, kind === "bounded", options.name);
    super(kind, place);
    this.#place = place;
    this.#permits = new Permits(place.shared.arena, place.id);
  }

  /** How many permits are free now. */
  get value(): number {
    return this.#permits.free;
  }

  /** Takes a permit if one is free. */
  tryAcquire(): boolean {
    const { shared, name } = this.#place;
    // Who has waited for long is the next: then only the hub gives them away.
    if (shared.peer === 0 || this.#permits.waiting === 2 || !this.#permits.take(shared.peer)) return false;
    emit("hold", name);
    return true;
  }

  /** Takes a permit, waiting for one. @returns false if the timeout was over before. @throws the signal's reason. */
  async acquire(options: WaitOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    if (this.tryAcquire()) return true;
    const taken = () => emit("hold", this.#place.name);
    return waitToAcquire(this.#place, Op.permitWait, options, { tryAcquire: () => this.tryAcquire(), taken });
  }

  /**
   * Gives back a permit, or so many. Whoever holds none gives back one that another holds, or there is one more.
   * @throws LanesError `memory.over` if there would be more than a BoundedSemaphore has.
   */
  release(n = 1): void {
    if (!Number.isInteger(n) || n < 1 || n > MOST)
      throw new LanesError("memory.argument", { what: "release(n)", wanted: `1 … ${MOST}`, value: String(n) });
    const { shared, name, id } = this.#place;
    for (let i = 0; i < n; i++) {
      if (shared.peer === 0 || !this.#permits.giveBack(shared.peer)) throw new LanesError("memory.over", { name });
      if (this.#permits.waiting !== 0) shared.connection.lookAt(Op.permitFreed, id);
      emit("release", name);
    }
  }

  /** `using held = await semaphore.hold()`: until the block ends. @throws LanesError `memory.timeout`, the signal's reason. */
  async hold(options: WaitOptions = {}): Promise<Hold> {
    if (!(await this.acquire(options)))
      throw new LanesError("memory.timeout", { name: this.name, ms: options.timeout ?? 0 });
    return new Hold(() => this.release(), false);
  }

  /** Has a permit while `body` runs. @returns what that returns. */
  async with<T>(body: () => T | Promise<T>, options: WaitOptions = {}): Promise<Awaited<T>> {
    using _ = await this.hold(options);
    return await body();
  }

  protected override state(): string {
    return `${this.value} free`;
  }
}

const titles: Readonly<Record<string, string>> = { semaphore: "Semaphore", bounded: "BoundedSemaphore" };

/** One that cannot be released more often than acquired. */
export class BoundedSemaphore extends Semaphore {
  constructor(value: number | ObjectPlace = 1, options: NameOptions = {}) {
    super(value, options, "bounded");
  }
}

defineHandle("semaphore", (place) => new Semaphore(place));
defineHandle("bounded", (place) => new BoundedSemaphore(place));
