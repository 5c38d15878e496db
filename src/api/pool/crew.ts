/**
 * A pool's workers, and who is given what. Always true: every item of a call that has not settled is in exactly one place: in a
 * task that waits, or in a task of one worker. Which items a worker has begun its line of the control page says, whatever becomes
 * of it (pool/control.ts): a task that it had not begun is given to another one, a call whose item it was at fails.
 */

import { t } from "../../i18n/index.ts";
import { ControlFile } from "../../pool/control-file.ts";
import type { Header } from "../../pool/wire.ts";
import { GRACE_MS } from "../../process/process.ts";
import type { ErrorData } from "../../thrown.ts";
import { ProcessError, RemoteError, WorkerLost } from "../errors.ts";
import type { FunctionPlace } from "../place/place.ts";
import { isStopping } from "../program/signals.ts";
import { decodeSoon } from "../sending/values.ts";
import { Sharing } from "./sharing.ts";
import type { PoolCall, PoolTask } from "./task.ts";
import { Tasks } from "./tasks.ts";
import { type PoolJob, TaskFrameKind, unpack } from "./wire.ts";
import { type WorkerListener, WorkerProcess } from "./worker-process.ts";

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
  /** Those that can be given something. */
  readonly #workers = new Set<WorkerProcess>();
  /** Those that have not ended. */
  readonly #all = new Set<WorkerProcess>();
  readonly #control: ControlFile;
  #isControlled = true;
  readonly #places = new Map<FunctionPlace, number>();
  /** Nothing more will come. */
  #isClosing = false;
  #isAwaited = false;
  #isAwake = true;
  #killed = 0;
  readonly #sharing: Sharing;

  /** @throws LanesError if the system refuses a worker: then none is left. */
  constructor(readonly options: CrewOptions) {
    this.#control = ControlFile.create(2 * options.size); // a worker that leaves has its line until it is gone
    this.#sharing = new Sharing({
      workers: this.#workers,
      waiting: this.#waiting,
      recycle: options.recycle,
      isAtItem: ({ line }) => this.#control.running(line) !== null,
      settle: () => this.#settle(),
    });
    try {
      for (let i = 0; i < options.size; i++) this.#hire();
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
    const dropped = [...this.#all].flatMap((worker) => worker.drop(call));
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
    this.#workers.clear();
    const waiting = this.#waiting.removeAll();
    for (const { payload } of waiting) payload.lost(0);
    const given = [...this.#all].flatMap(({ tasks }) => tasks).filter((task) => task !== null);
    for (const worker of this.#all) void worker.stop(graceMs);
    for (const { payload, first, count } of [...given, ...waiting]) payload.call.failed(first, count, failure());
    this.#mayClose();
  }

  /** Resolves when no worker is left; this process does not end before. */
  async gone(): Promise<void> {
    this.#isAwaited = true;
    this.#settle();
    while (this.#all.size > 0) await Promise.all([...this.#all].map((worker) => worker.gone));
  }

  frame(worker: WorkerProcess, { kind, slot, count }: Header, body: Buffer): void {
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
    const { call } = task.payload;
    // What it holds may be gone with the process that made it.
    void Promise.try(() =>
      decodeSoon(body, (value) => {
        const [values, error] =
          kind === TaskFrameKind.failed ? (value as [unknown[], ErrorData]) : [value as unknown[], null];
        if (count > 0) call.values(task.first, values);
        if (error === null) return;
        const at = task.first + count;
        call.failed(at, 1, RemoteError.of(worker.name, error, call.hasItems ? { index: at } : {}));
      }),
    ).catch((error: Error) => call.failed(task.first, kind === TaskFrameKind.failed ? count + 1 : count, error));
    if (kind === TaskFrameKind.failed && call.goesOn) this.#goOn(task, count + 1);
  }

  /** The items of a task from this one on are still to be done: the worker has not begun them. */
  #goOn({ payload, first, from, count }: PoolTask, done: number): void {
    if (done >= count || this.failure !== null) return;
    const rest = { payload, first: first + done, from: from + done, count: count - done };
    if (payload.isDivisible) this.#waiting.addFirst([rest]);
    else {
      const error = new ProcessError("api.pool.rest", { function: payload.call.place.name });
      payload.call.failed(rest.first, rest.count, error);
    }
  }

  heard(): void {
    this.#settle();
  }

  ended(worker: WorkerProcess): void {
    this.#all.delete(worker);
    this.#workers.delete(worker);
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
    const { payload, first, count } = task;
    const { call } = payload;
    const begun = worker.begun(slot);
    // What it had done of the task is lost with it; the items after the one it was at are not.
    const gone = call.goesOn && payload.isDivisible ? begun : count;
    const { name } = call.place;
    const at = call.hasItems ? `${name}(${call.pathOf(first + begun - 1)})` : name;
    payload.lost(worker.child.pid);
    call.failed(first, gone, new WorkerLost("api.pool.lost", at, worker.ending));
    if (call.goesOn) this.#goOn(task, gone);
  }

  #mayClose(): void {
    if (this.#all.size > 0 || !this.#isClosing || !this.#isControlled) return;
    this.#isControlled = false;
    this.#control.close();
  }

  /** One that ends by itself before it is ready would be followed by others without end. */
  #neverReady(worker: WorkerProcess): void {
    const { signal } = worker.child;
    if (signal !== null && ++this.#killed < MOST_KILLED) return;
    this.end(() => worker.ending.error ?? new WorkerLost("api.pool.start", "", worker.ending));
  }

  /** @throws LanesError, NotSendable */
  #hire(): void {
    const lines = new Set([...this.#all].map(({ line }) => line));
    let line = 0;
    while (lines.has(line)) line++;
    const worker = new WorkerProcess(line, this.#control, this.options.job(), this);
    worker.keepAwake(this.#isAwake);
    this.#all.add(worker);
    this.#workers.add(worker);
  }

  /** After anything happened: hands out, replaces, lets leave. */
  #settle(): void {
    if (this.failure === null) {
      this.#recycle();
      this.#handOut();
      this.#sharing.look();
      if (this.#isClosing && !this.#isBusy && !this.options.isReading()) this.#leave();
    }
    const awake = this.#isAwaited || this.#isBusy;
    if (awake === this.#isAwake) return;
    this.#isAwake = awake;
    for (const worker of this.#all) worker.keepAwake(awake);
  }

  #leave(): void {
    this.hasLeft = true;
    for (const worker of this.#workers) worker.leave();
    this.#workers.clear();
    this.#mayClose();
  }

  get #isBusy(): boolean {
    return this.#waiting.first !== undefined || [...this.#workers].some(({ outstanding }) => outstanding > 0);
  }

  /** Those that have done as many tasks as they may leave, and others come. */
  #recycle(): void {
    for (const worker of this.#workers) {
      if (worker.given < this.options.recycle || worker.outstanding > 0) continue;
      this.#workers.delete(worker);
      worker.leave();
      if (!this.#isClosing) this.#replace();
    }
  }

  #handOut(): void {
    for (let task = this.#waiting.first; task !== undefined; task = this.#waiting.first) {
      const next = task;
      const able = [...this.#workers].filter((worker) => worker.takes(next, this.options.recycle));
      const [worker] = able.sort((a, b) => a.outstanding - b.outstanding);
      const isMissing = this.#workers.size < this.options.size;
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
    // Those that leave may take their time: it goes on when one of them is gone.
    if (this.#all.size >= 2 * this.options.size) return false;
    try {
      this.#hire();
      return true;
    } catch (error) {
      if (this.#workers.size === 0) this.end(() => error as Error);
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
