/**
 * A condition between processes: wait until somebody who has changed something says so. To wait lets go of the lock and takes it
 * again, so what was found under the lock holds until the wait begins.
 */
import { LanesError } from "../../errors.ts";
import { CellKind, ConditionCell } from "../cells.ts";
import { Op } from "../frames.ts";
import { defineHandle, Handle, ObjectPlace } from "../handle.ts";
import { Woken } from "../hub/woken.ts";
import { timeoutOf, type WaitOptions } from "../wait.ts";
import { emit } from "../watch.ts";
import { Lock, type Mutex, mutexOf, type NameOptions } from "./lock.ts";

/** All who wait. */
const ALL = 2 ** 31 - 1;

export class Condition extends Handle {
  readonly #place: ObjectPlace;
  readonly #lock: Lock;
  readonly #mutex: Mutex;

  /** @param lock an own one by default; several conditions may have one. @throws LanesError `memory.many`, `memory.full`. */
  constructor(lock: Lock | ObjectPlace = new Lock(), options: NameOptions = {}) {
    const place = lock instanceof ObjectPlace ? lock : placeWith(mutexOf(lock).place, options.name);
    super("condition", place);
    const own = lock instanceof ObjectPlace ? new Lock(lockOf(place)) : lock;
    this.#lock = own;
    this.#place = place;
    this.#mutex = mutexOf(own);
  }

  /** What it waits without, and has again when it goes on. */
  get lock(): Lock {
    return this.#lock;
  }

  /** Takes the lock; see Lock. */
  acquire(options: WaitOptions = {}): Promise<boolean> {
    return this.lock.acquire(options);
  }

  /** Lets go of the lock. @throws LanesError `memory.notHeld`. */
  release(): void {
    this.lock.release();
  }

  /** Has the lock while `body` runs. @returns what that returns. */
  with<T>(body: () => T | Promise<T>, options: WaitOptions = {}): Promise<Awaited<T>> {
    return this.lock.with(body, options);
  }

  /**
   * Lets go of the lock, waits to be notified, takes the lock again: in any case this process has it when the wait ends.
   * @returns false if the timeout was over before. @throws the signal's reason; LanesError `memory.notHeld`.
   */
  async wait(options: WaitOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    timeoutOf(options);
    this.#mustHold("wait()");
    const { shared, id, name } = this.#place;
    emit("release", this.lock.name);
    emit("wait", name);
    const { note } = await shared.connection.ask(Op.conditionWait, id, 0, options);
    this.#mutex.taken();
    if (note !== Woken.gaveUp) return true;
    options.signal?.throwIfAborted();
    return false;
  }

  /**
   * Waits until `predicate` is true, which is asked with the lock held. @returns false if the timeout was over before.
   * @throws as {@link wait}, and what the predicate throws.
   */
  async waitFor(predicate: () => boolean | Promise<boolean>, options: WaitOptions = {}): Promise<boolean> {
    this.#mustHold("waitFor()");
    const timeout = timeoutOf(options);
    const until = timeout === undefined ? undefined : performance.now() + timeout;
    while (!(await predicate())) {
      const left = until === undefined ? undefined : until - performance.now();
      if (left !== undefined && left <= 0) return false;
      if (!(await this.wait({ ...options, timeout: left }))) return await predicate();
    }
    return true;
  }

  /** Wakes so many of those who wait, the first ones first. @throws LanesError `memory.notHeld`, `memory.argument`. */
  notify(n = 1): void {
    if (!Number.isInteger(n) || n < 1)
      throw new LanesError("memory.argument", { what: "notify(n)", wanted: "1 …", value: String(n) });
    this.#mustHold("notify()");
    const { shared, id } = this.#place;
    if (this.#place.load(ConditionCell.waiting) > 0) shared.connection.tell(Op.conditionNotify, id, Math.min(n, ALL));
  }

  /** Wakes all who wait. @throws LanesError `memory.notHeld`. */
  notifyAll(): void {
    this.notify(ALL);
  }

  #mustHold(method: string): void {
    if (!this.#mutex.isMine) throw this.#mutex.notHeld(method);
  }

  protected override state(): string {
    return `${this.#place.load(ConditionCell.waiting)} waiting, lock ${this.#mutex.state}`;
  }
}

function placeWith(lock: ObjectPlace, name: string | undefined): ObjectPlace {
  const more = { lock: lock.id, lockName: lock.name };
  return ObjectPlace.make(CellKind.condition, {
    words: { [ConditionCell.lock]: lock.id },
    title: "Condition",
    name,
    more,
    beside: lock,
  });
}

const lockOf = (condition: ObjectPlace): ObjectPlace =>
  condition.sibling(Number(condition.more.lock), String(condition.more.lockName));

defineHandle("condition", (place) => new Condition(place));
