/**
 * Which of a pool's workers is given what, and what is done when one ends.
 *
 * Always true: every item of a call that has not settled is in exactly one place: in a task that waits, or in a task of one worker.
 * Which items a worker has begun its line of the control page says, whatever becomes of it (pool/control.ts): a task that it had not
 * begun is given to another one, a call whose item it was at fails.
 */
import { t } from "../../i18n/index.ts";
import type { Header } from "../../pool/wire.ts";
import { GRACE_MS } from "../../process/live.ts";
import type { ErrorData } from "../../thrown.ts";
import { RemoteError, WorkerLost } from "../errors.ts";
import type { FunctionPlace } from "../place/place.ts";
import { isStopping } from "../program/signals.ts";
import { restOf, tellAnswer, tellLost } from "./answers.ts";
import { Roster } from "./roster.ts";
import { Sharing } from "./sharing.ts";
import type { PoolCall, PoolTask } from "./task.ts";
import { Tasks } from "./tasks.ts";
import { type PoolJob, TaskFrameKind, unpack } from "./wire.ts";
import type { WorkerListener, WorkerProcess } from "./worker-process.ts";

/** Workers that may be killed one after another before they were given anything. */
const MOST_KILLED = 3;

export interface CrewOptions {
  readonly size: number;
  /** After how many tasks a worker is replaced. */
  readonly recycle: number;
  /** What a new worker is told. @throws NotSendable. */
  job(): Omit<PoolJob, "is" | "line">;
  /** Whether a call still reads its items. */
  isReading(): boolean;
  /** What {@link CrewOptions.job} made does not come to any worker any more; or the worker it was for, with this pid, has ended. */
  lost(pid: number): void;
}

export class Crew implements WorkerListener {
  /** Why the pool cannot go on, or is not to: an error for each who asks, for each has a place of its own. */
  failure: (() => Error) | null = null;
  /** It was closed, and its workers have been told to end. */
  hasLeft = false;
  readonly #waiting = new Tasks();
  readonly #roster: Roster;
  readonly #places = new Map<FunctionPlace, number>();
  /** Nothing more will come. */
  #isClosing = false;
  #isAwaited = false;
  #killed = 0;
  readonly #sharing: Sharing;

  /** @throws LanesError if the system refuses a worker: then none is left. */
  constructor(readonly options: CrewOptions) {
    this.#roster = new Roster(options.size, this);
    this.#sharing = new Sharing({
      workers: this.#roster.able,
      waiting: this.#waiting,
      recycle: options.recycle,
      isAtItem: (worker) => this.#roster.isAtItem(worker),
      settle: () => this.#settle(),
    });
    try {
      for (let i = 0; i < options.size; i++) this.#roster.hire(options.job());
    } catch (error) {
      this.end(() => error as Error, 0);
      throw error;
    }
    this.#settle();
  }

  submit(task: PoolTask): void {
    this.#waiting.add(task);
    this.#settle();
  }

  /** What is not begun of a call is not begun any more. */
  drop(call: PoolCall): void {
    call.isDropped = true; // those that wait are left out when it is their turn
    const dropped = [...this.#roster.all].flatMap((worker) => worker.drop(call));
    for (const { payload, count } of dropped) if (count === payload.count) payload.lost(0);
    this.#settle();
  }

  /** Nothing more will be submitted: workers leave when all is done. */
  close(): void {
    this.#isClosing = true;
    this.#settle();
  }

  /** Ends all workers; calls that have not settled fail with such an error, and so does whatever comes. */
  end(failure: () => Error, graceMs = GRACE_MS): void {
    this.#isClosing = true;
    if (this.failure !== null) return;
    this.failure = failure;
    const waiting = this.#waiting.removeAll();
    for (const { payload } of waiting) payload.lost(0);
    const given = [...this.#roster.all].flatMap(({ tasks }) => tasks).filter((task) => task !== null);
    this.#roster.stop(graceMs);
    for (const { payload, first, count } of [...given, ...waiting]) payload.call.failed(first, count, failure());
    this.#mayClose();
  }

  /** Resolves when no worker is left; this process does not end before. */
  async gone(): Promise<void> {
    this.#isAwaited = true;
    this.#settle();
    await this.#roster.gone();
  }

  frame(worker: WorkerProcess, header: Header, body: Buffer): void {
    const { kind, slot, count } = header;
    if (kind === TaskFrameKind.ready) {
      worker.isReady = true;
      return;
    }
    if (kind === TaskFrameKind.broken) {
      const thrown = unpack(body) as ErrorData;
      this.end(() => RemoteError.of(worker.name, thrown, { where: t("api.pool.initializer", { name: worker.name }) }));
      return;
    }
    const task = worker.tasks[slot];
    worker.tasks[slot] = null;
    worker.hasAnswered = true;
    this.#killed = 0;
    if (!task) return;
    tellAnswer(worker, task, header, body);
    if (kind === TaskFrameKind.failed && task.payload.call.goesOn) this.#goOn(task, count + 1);
  }

  /** The items of a task after those that are over are still to be done: the worker has not begun them. */
  #goOn(task: PoolTask, over: number): void {
    const rest = this.failure === null ? restOf(task, over) : null;
    if (rest !== null) this.#waiting.addFirst([rest]);
  }

  heard(): void {
    this.#settle();
  }

  ended(worker: WorkerProcess): void {
    this.#roster.ended(worker);
    this.options.lost(worker.child.pid);
    // The program is being ended: it does not go on as if all were well.
    if (isStopping()) return;
    const tasks = worker.tasks.map((task, slot) => ({ task, slot, isBegun: worker.begun(slot) > 0 }));
    const again = tasks.filter(({ task, isBegun }) => task !== null && !isBegun).map(({ task }) => task as PoolTask);
    for (const { task, slot, isBegun } of tasks) if (task !== null && isBegun) this.#lost(worker, task, slot);
    const wasUsed = worker.hasAnswered || tasks.some(({ task, isBegun }) => task !== null && isBegun);
    if (this.failure === null) {
      this.#waiting.addFirst(again);
      if (!worker.isLeaving && wasUsed && !this.#isClosing) this.#replace();
      // One that was ready, and not used yet, is replaced when it is needed.
      else if (!worker.isLeaving && !wasUsed && !worker.isReady) this.#neverReady(worker);
    }
    this.#settle();
    this.#mayClose();
  }

  /** A task that a worker has begun, and never answers. */
  #lost(worker: WorkerProcess, task: PoolTask, slot: number): void {
    const over = tellLost(worker, task, slot);
    if (task.payload.call.goesOn) this.#goOn(task, over);
  }

  #mayClose(): void {
    if (this.#isClosing) this.#roster.mayClose();
  }

  /** One that ends by itself before it is ready would be followed by others without end. */
  #neverReady(worker: WorkerProcess): void {
    const { signal } = worker.child;
    if (signal !== null && ++this.#killed < MOST_KILLED) return;
    this.end(() => worker.ending.error ?? new WorkerLost("api.pool.start", "", worker.ending));
  }

  /** After anything happened: hands out, replaces, lets leave. */
  #settle(): void {
    if (this.failure === null) {
      this.#recycle();
      this.#handOut();
      this.#sharing.look();
      if (this.#isClosing && !this.#isBusy && !this.options.isReading()) this.#leave();
    }
    this.#roster.keepAwake(this.#isAwaited || this.#isBusy);
  }

  #leave(): void {
    this.hasLeft = true;
    for (const worker of this.#roster.able) this.#roster.leave(worker);
    this.#mayClose();
  }

  get #isBusy(): boolean {
    return this.#waiting.first !== undefined || [...this.#roster.able].some(({ outstanding }) => outstanding > 0);
  }

  /** Those that have done as many tasks as they may leave, and others come. */
  #recycle(): void {
    for (const worker of this.#roster.able) {
      if (worker.given < this.options.recycle || worker.outstanding > 0) continue;
      this.#roster.leave(worker);
      if (!this.#isClosing) this.#replace();
    }
  }

  #handOut(): void {
    for (let task = this.#waiting.first; task !== undefined; task = this.#waiting.first) {
      const next = task;
      const able = [...this.#roster.able].filter((worker) => worker.takes(next, this.options.recycle));
      const [worker] = able.sort((a, b) => a.outstanding - b.outstanding);
      const isMissing = this.#roster.able.size < this.options.size;
      if (isMissing && (worker === undefined || worker.outstanding > 0)) {
        if (!this.#replace()) return;
      } else if (worker === undefined) return;
      else {
        this.#waiting.shift();
        worker.give(next, this.#numberOf(next.payload.call.place));
      }
    }
  }

  /** Starts a worker, if the system lets us; with none left, the pool cannot go on. @returns whether there is one more. */
  #replace(): boolean {
    if (!this.#roster.hasRoom) return false; // it goes on when one of those that leave is gone
    try {
      this.#roster.hire(this.options.job());
      return true;
    } catch (error) {
      if (this.#roster.able.size === 0) this.end(() => error as Error);
      return false;
    }
  }

  #numberOf(place: FunctionPlace): number {
    let number = this.#places.get(place);
    if (number === undefined) {
      number = this.#places.size;
      this.#places.set(place, number);
    }
    return number;
  }
}
