/**
 * A mutex between processes. Who holds it is a process (a thread of the user's own counts as one); kill -9 frees it, and
 * the next one is told. Taking it when nobody has it is one instruction on shared memory, waiting is done at the hub.
 */
import { LanesError } from "../../errors.ts";
import { CellKind, LockCell } from "../cells.ts";
import { Op } from "../frames.ts";
import { defineHandle, Handle, ObjectPlace } from "../handle.ts";
import type { WaitOptions } from "../wait.ts";
import { emit } from "../watch.ts";
import { holderOf, letGo, tryTake } from "../word.ts";
import { waitToAcquire } from "./acquire.ts";
import { Hold } from "./held.ts";

export interface NameOptions {
  /** What it is called in the live view and in errors; `Lock-1` … by default. */
  readonly name?: string | undefined;
}

/** What Lock and RLock are made of. */
export class Mutex {
  /** Whether the one who had it before this process took it had died with it. */
  recovered = false;

  /** How many waits for it go on in this process. */
  #waits = 0;

  constructor(readonly place: ObjectPlace) {}

  get isLocked(): boolean {
    return holderOf(this.place.load(LockCell.word)) !== 0;
  }

  /** Whether this process has it. */
  get isMine(): boolean {
    const { peer } = this.place.shared;
    return peer !== 0 && holderOf(this.place.load(LockCell.word)) === peer;
  }

  /** How it is shown. */
  get state(): string {
    return this.isMine ? "held by this process" : this.isLocked ? "held" : "free";
  }

  tryAcquire(): boolean {
    const { place } = this;
    const { peer } = place.shared;
    if (peer === 0 || !tryTake(place.cell.page.words, place.cell.at, peer)) return false;
    this.taken();
    return true;
  }

  /** This process has it now. */
  taken(): void {
    const { page, at } = this.place.cell;
    this.recovered = Atomics.load(page.words, at + LockCell.recovered) !== 0;
    if (this.recovered) Atomics.store(page.words, at + LockCell.recovered, 0);
    emit("hold", this.place.name);
  }

  async acquire(options: WaitOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    if (this.tryAcquire()) return true;
    this.#waits++;
    try {
      return await waitToAcquire(this.place, Op.lockWait, options, this);
    } finally {
      this.#waits--;
    }
  }

  /** What is wrong with a call that only who has it may make. */
  notHeld(method: string): LanesError {
    return new LanesError(this.#waits > 0 ? "memory.notHeldYet" : "memory.notHeld", { name: this.place.name, method });
  }

  /** @throws LanesError `memory.notHeld`, `memory.notHeldYet`. */
  release(method = "release()"): void {
    const { place } = this;
    const { shared, cell } = place;
    const done = shared.peer === 0 ? "not-held" : letGo(cell.page.words, cell.at, shared.peer);
    if (done === "not-held") throw this.notHeld(method);
    if (done === "tell") shared.connection.lookAt(Op.lockFreed, place.id);
    emit("release", place.name);
  }

  /** @throws LanesError `memory.timeout`. */
  async hold(options: WaitOptions = {}): Promise<Hold> {
    if (!(await this.acquire(options)))
      throw new LanesError("memory.timeout", { name: this.place.name, ms: options.timeout ?? 0 });
    return new Hold(() => this.release(), this.recovered);
  }
}

export class Lock extends Handle {
  readonly #mutex: Mutex;

  /** Held by nobody. @throws LanesError `memory.many`, `memory.full`. */
  constructor(options: NameOptions | ObjectPlace = {}) {
    const place =
      options instanceof ObjectPlace ? options : ObjectPlace.make(CellKind.lock, { title: "Lock", name: options.name });
    super("lock", place);
    this.#mutex = new Mutex(place);
    mutexes.set(this, this.#mutex);
  }

  /** Whether anybody has it. */
  get isLocked(): boolean {
    return this.#mutex.isLocked;
  }

  /** While this process has it: whether the one before died with it, so that what it protects may be half done. */
  get recovered(): boolean {
    return this.#mutex.recovered;
  }

  /** Takes it if nobody has it. */
  tryAcquire(): boolean {
    return this.#mutex.tryAcquire();
  }

  /**
   * Takes it, waiting as long as somebody has it (this process itself, too).
   * @returns false if the timeout was over before. @throws the signal's reason when it is aborted.
   */
  acquire(options: WaitOptions = {}): Promise<boolean> {
    return this.#mutex.acquire(options);
  }

  /** @throws LanesError `memory.notHeld` if this process does not have it. */
  release(): void {
    this.#mutex.release();
  }

  /** `using held = await lock.hold()`: until the block ends. @throws LanesError `memory.timeout`, the signal's reason. */
  hold(options: WaitOptions = {}): Promise<Hold> {
    return this.#mutex.hold(options);
  }

  /** Has it while `body` runs. @returns what that returns. @throws what that throws, and what {@link hold} does. */
  async with<T>(body: () => T | Promise<T>, options: WaitOptions = {}): Promise<Awaited<T>> {
    using _ = await this.#mutex.hold(options);
    return await body();
  }

  protected override state(): string {
    return this.#mutex.state;
  }
}

const mutexes = new WeakMap<Lock, Mutex>();
/** What a lock is made of, for what is built on one. */
export const mutexOf = (lock: Lock): Mutex => mutexes.get(lock)!;

defineHandle("lock", (place) => new Lock(place));
