/** What the user's function is told besides the item. */

/** What a function that lanes map calls is given besides the item. */
export interface Context {
  /** The item's number in the input, from 0. */
  readonly index: number;
  /** 1 the first time; more when the item is tried again. */
  readonly attempt: number;
  /** The worker's lane: P1, P2 … */
  readonly lane: string;
  readonly pid: number;
  readonly ppid: number;
  /** Aborted when the item's time is up (--timeout), or when lanes is being stopped. */
  readonly signal: AbortSignal;
}

/** The context of one item. One is made for every item: it holds two numbers, everything else comes from the worker. */
export class ItemContext implements Context {
  #controller: AbortController | null = null;
  #stopped: Stop | null = null;

  constructor(
    readonly index: number,
    readonly attempt: number,
    readonly worker: WorkerFacts,
  ) {}

  get lane(): string {
    return this.worker.lane;
  }

  get pid(): number {
    return process.pid;
  }

  get ppid(): number {
    return process.ppid;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      this.worker.watch(this);
    }
    return this.#controller.signal;
  }

  /** Aborts its signal, if anybody has asked for it. */
  abort(why: Stop, reason: Error): void {
    if (this.#controller === null || this.#controller.signal.aborted) return;
    this.#stopped = why;
    this.#controller.abort(reason);
  }

  /** Why its signal was aborted; null if it was not. */
  get stopped(): Stop | null {
    return this.#stopped;
  }
}

/** Why an item is to end early: its time is up, or everything is being stopped. */
export type Stop = "timeout" | "stop";

/** What all items of a worker have in common. */
export interface WorkerFacts {
  readonly lane: string;
  /** Someone listens to this item's signal: abort it when its time is up. */
  watch(context: ItemContext): void;
}
