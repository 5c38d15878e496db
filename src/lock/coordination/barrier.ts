/**
 * A barrier between N processes: nobody goes on before all have come; then the same again for the next phase.
 *
 * THE BARRIER is a file to which everybody who comes appends one line of {@link lineBytes}: one system call, which the kernel
 * does for one process after another. So the file's length says how many have come, in all phases together, and phase k
 * (from 1) is over once it has N × k lines. No count is kept anywhere else, nobody directs it, and `cat` shows who came when.
 * Who has to wait is woken by the kernel when the file grows (path-watch.ts).
 *
 * Whoever takes part has one of N slots (semaphore.ts) until it leaves. That is how the others can tell that one of them is
 * dead: its slot has no living owner. One that died before it came will never come, so then all who wait get an error
 * that names it, within {@link looksMs} or a few times that, instead of waiting for ever. A barrier somebody died at is of no more use: make a new one.
 */
import { appendFileSync, closeSync, openSync, statSync } from "node:fs";
import { LanesError } from "../../errors.ts";
import { cannotLock } from "../lock-errors.ts";
import { absolute } from "../path.ts";
import { PathWatch } from "./path-watch.ts";
import { type SemaphoreSlot, tryAcquireSlot } from "./semaphore.ts";
import { semaphoreStatus } from "./slots.ts";

const lineBytes = 16;
/** How often one looks whether somebody has died, while one waits. */
const looksMs = 500;
/**
 * A slot's file that is empty and not locked has just been made, or was left by a process that died over it. So many looks in a
 * row nobody is that slow, who has but to lock it.
 */
const emptyLooks = 4;

/** Makes a barrier that nobody has come to. @throws LanesError if there is something at the path, or nothing can be made there. */
export function makeBarrier(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    throw cannotLock(path, error);
  }
}

export interface BarrierWait {
  /** Aborting it ends the wait, with the signal's reason; that this process came stays written. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, if not all have come yet. */
  readonly onWait?: (() => void) | undefined;
}

export class FileBarrier implements Disposable {
  readonly #watch: PathWatch;
  /** How many looks in a row each slot's file was empty and not locked. */
  #empty = new Map<string, number>();
  #phase = 0;

  private constructor(
    readonly path: string,
    readonly parties: number,
    readonly slot: SemaphoreSlot,
  ) {
    this.#watch = new PathWatch(path);
  }

  /** Takes part, on a barrier that was made and nobody has come to. @throws LanesError if N processes take part already. */
  static join(path: string, parties: number): FileBarrier {
    const slot = tryAcquireSlot(path, parties);
    if (slot === null) throw new LanesError("lock.barrier.full", { path, parties });
    return new FileBarrier(absolute(path), parties, slot);
  }

  /** How many phases this process has begun to wait for. */
  get phase(): number {
    return this.#phase;
  }

  /**
   * Comes to the barrier, and waits there until all have come. Does not keep the process alive.
   * @throws the signal's reason when it is aborted, LanesError if one of those who take part has died.
   */
  async wait({ signal, onWait }: BarrierWait = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#phase += 1;
    appendFileSync(this.path, `${String(process.pid).padStart(lineBytes - 1)}\n`);
    if (this.#isOver()) return;
    onWait?.();
    let lookedMs = performance.now();
    const isOver = () => {
      if (this.#isOver()) return true;
      if (performance.now() - lookedMs >= looksMs) {
        this.#refuseTheDead();
        lookedMs = performance.now();
      }
      return false;
    };
    await this.#watch.until(isOver, signal);
  }

  /** Takes part no more. */
  leave(): void {
    this.#watch[Symbol.dispose]();
    this.slot.release();
  }

  [Symbol.dispose](): void {
    this.leave();
  }

  #isOver(): boolean {
    return statSync(this.path).size >= this.#phase * this.parties * lineBytes;
  }

  #refuseTheDead(): void {
    const { slots } = semaphoreStatus(this.path, this.parties);
    // In a barrier nobody makes a slot's file beforehand.
    const empty = slots.filter(({ state, file }) => state === "free" && isEmpty(file)).map(({ file }) => file);
    this.#empty = new Map(empty.map((file) => [file, (this.#empty.get(file) ?? 0) + 1]));
    const dead = slots.find(({ state, file }) => state === "stale" || (this.#empty.get(file) ?? 0) >= emptyLooks);
    if (dead === undefined || this.#isOver()) return;
    throw new LanesError("lock.barrier.broken", { path: this.path, pid: dead.owner?.pid ?? "?" });
  }
}

const isEmpty = (file: string) => statSync(file, { throwIfNoEntry: false })?.size === 0;
