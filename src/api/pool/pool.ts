/**
 * A pool of warm processes: Python's multiprocessing.Pool, and what concurrent.futures adds to it.
 *
 * Longer than most files: it is all that a program calls of a pool, and each method says what it promises.
 */
import { notingEnds } from "../../memory/index.ts";
import { usableCores } from "../../os/cores.ts";
import { MAX_CHUNK_ITEMS } from "../../pool/control.ts";
import { Asked } from "../asked.ts";
import { ProcessError } from "../errors.ts";
import type { FunctionPlace } from "../place/place.ts";
import { record } from "../program/self.ts";
import { mustBeOptions, refuseWithoutGuard } from "../refusal.ts";
import { encode } from "../sending/values.ts";
import { Gathering } from "./calls.ts";
import { count, mustBeArray, mustBeIterable, onAbort, placeOf, type Task } from "./checks.ts";
import { Crew } from "./crew.ts";
import { Results } from "./results.ts";
import { type Items, Stream } from "./stream.ts";
import { type PoolCall, taskOf, tasksOf } from "./task.ts";

export interface PoolOptions {
  /** Each worker calls it once, before anything else. */
  readonly initializer?: Task;
  readonly initArgs?: readonly unknown[];
  /** A worker is replaced after so many tasks: calls of apply, chunks of the others. */
  readonly maxTasksPerChild?: number;
}

export interface CallOptions {
  /** Items that go to a worker together. */
  readonly chunkSize?: number;
  /** Aborting it ends the call with the signal's reason: what is not begun is dropped, what is begun runs to its end. */
  readonly signal?: AbortSignal;
}

export interface StreamCallOptions extends CallOptions {
  /** How many items may be read and not taken; by default four chunks for each worker. */
  readonly ahead?: number;
}

/** Chunks of a map for each worker: as CPython's. */
const CHUNKS = 4;

let pools = 0;

export class Pool implements AsyncDisposable {
  readonly #size: number;
  readonly #name = `Pool-${++pools}`;
  readonly #crew: Crew;
  #state: "open" | "closed" | "terminated" = "open";
  /** Calls whose results are taken one by one, and that have not ended. */
  readonly #streams = new Set<Stream<unknown>>();
  /** Calls that somebody is waiting for. */
  #awaited = 0;

  /**
   * Starts the workers.
   * @param processes how many; as many as cores by default.
   * @throws GuardMissing, NotReachable, NotSendable, ProcessError: nothing was started. LanesError if the system refuses.
   */
  constructor(processes?: number, options: PoolOptions = {}) {
    refuseWithoutGuard(Pool);
    const asked = new Asked(Pool);
    this.#size = asked.placing(() => count("new Pool(processes)", processes ?? usableCores()));
    asked.placing(() => mustBeOptions(options, "new Pool(2, { initializer, initArgs })"));
    this.#crew = asked.placing(() => this.#hire(options));
  }

  /** How many workers it has. */
  get processes(): number {
    return this.#size;
  }

  /** Calls the function with these arguments in a worker. @throws as {@link map}. */
  apply(task: Task, ...args: readonly unknown[]): Promise<unknown> {
    const asked = new Asked(Pool.prototype.apply);
    const results = this.#gather(
      task,
      [args],
      { chunkSize: 1 },
      { isStar: true, hasItems: false, pathOf: () => "args", asked },
    );
    return results.then(([result]) => result);
  }

  /**
   * Calls the function with each item, in chunks that workers share out; all results, in the items' order.
   * @throws the first error: RemoteError for what the function threw, WorkerLost if a worker ended in the middle of it, NotReachable,
   *   NotSendable, the signal's reason, ProcessError if the pool is closed or terminated. What is not begun then is dropped.
   */
  map(task: Task, items: Iterable<unknown>, options: CallOptions = {}): Promise<unknown[]> {
    const asked = new Asked(Pool.prototype.map);
    return this.#gather(task, items, options, { isStar: false, hasItems: true, pathOf: itemPath, asked });
  }

  /** The same with a list of arguments for each call. */
  starmap(task: Task, items: Iterable<readonly unknown[]>, options: CallOptions = {}): Promise<unknown[]> {
    const asked = new Asked(Pool.prototype.starmap);
    return this.#gather(task, items, options, { isStar: true, hasItems: true, pathOf: itemPath, asked });
  }

  /** The results one by one, in the items' order; items are read only so far ahead. @throws as {@link map}, in the items' order. */
  imap(task: Task, items: Items, options: StreamCallOptions = {}): AsyncGenerator<unknown, undefined> {
    return this.#stream(task, items, options, true, new Asked(Pool.prototype.imap));
  }

  /** The results as they come. */
  imapUnordered(task: Task, items: Items, options: StreamCallOptions = {}): AsyncGenerator<unknown, undefined> {
    return this.#stream(task, items, options, false, new Asked(Pool.prototype.imapUnordered));
  }

  /** Takes no more calls; workers end when those that are there are done. */
  close(): void {
    if (this.#state === "open") this.#state = "closed";
    for (const stream of this.#streams) stream.readOn();
    this.#crew.close();
  }

  /** Resolves when all workers have ended. @throws ProcessError if it is neither closed nor terminated; why it is broken. */
  join(): Promise<void> {
    const asked = new Asked(Pool.prototype.join);
    if (this.#state === "open")
      return Promise.reject(asked.placed(new ProcessError("api.pool.open", { name: this.#name })));
    return this.#waited(this.#crew.gone()).then(() => {
      if (this.#state === "closed") asked.placing(() => this.#mustGoOn());
    });
  }

  /** Ends the workers, whatever they are at: SIGTERM, after 500 ms SIGKILL. Calls that have not settled reject with ProcessError. */
  terminate(): void {
    this.#state = "terminated";
    this.#crew.end(() => new ProcessError("api.pool.ended", { name: this.#name }));
  }

  /** Terminates it, and waits until all workers have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate();
    await this.#crew.gone();
  }

  /** How it is shown. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const isBroken = this.#state !== "terminated" && this.#crew.failure !== null;
    return `<${this.#name}: ${this.#size} processes, ${isBroken ? "broken" : this.#state}>`;
  }

  #hire({ initializer, initArgs = [], maxTasksPerChild = Number.POSITIVE_INFINITY }: PoolOptions): Crew {
    const recycle = count("maxTasksPerChild", maxTasksPerChild);
    const place = initializer === undefined ? undefined : placeOf(initializer, "initializer");
    mustBeArray(initArgs, "initArgs");
    const flights = new Set<(pid: number) => void>();
    return new Crew({
      size: this.#size,
      recycle,
      isReading: () => [...this.#streams].some((stream) => stream.isReading),
      job: () => {
        const { value, ends, ended } = notingEnds(() => encode([...initArgs], "initArgs"));
        if (ends > 0) flights.add(ended);
        return { pool: this.#name, initializer: place, initArgs: value };
      },
      lost: (pid) => {
        for (const ended of flights) ended(pid);
      },
    });
  }

  async #gather(
    task: Task,
    items: Iterable<unknown>,
    { chunkSize, signal }: CallOptions,
    { asked, ...shape }: Shape,
  ): Promise<unknown[]> {
    const call = asked.placing(() => {
      const place = this.#begin(task, signal);
      mustBeIterable(items, false);
      const all = [...items];
      const share = Math.max(1, Math.ceil(all.length / (this.#size * CHUNKS)));
      const chunk = Math.min(count("chunkSize", chunkSize ?? share), MAX_CHUNK_ITEMS);
      if (shape.isStar) for (const [i, args] of all.entries()) mustBeArray(args, shape.pathOf(i));
      const over = (call: PoolCall) => this.#crew.drop(call);
      const call = new Gathering<unknown>({ ...shape, place, count: all.length, asked, over });
      // All of them before any is sent: either the whole call begins, or nothing of it.
      for (const each of tasksOf(call, all, chunk)) this.#crew.submit(each);
      return call;
    });
    const forget = onAbort(signal, (reason) => call.end(reason));
    try {
      return await this.#waited(call.results);
    } finally {
      forget();
    }
  }

  #stream(
    task: Task,
    items: Items,
    { chunkSize = 1, ahead, signal }: StreamCallOptions,
    isOrdered: boolean,
    asked: Asked,
  ): AsyncGenerator<unknown, undefined> {
    const submit = (call: PoolCall, first: number, part: readonly unknown[]) => {
      this.#mustGoOn();
      if (this.#crew.hasLeft) throw new ProcessError("api.pool.closed", { name: this.#name });
      this.#crew.submit(taskOf(call, first, part));
    };
    const stream = asked.placing(() => {
      const place = this.#begin(task, signal);
      const chunk = Math.min(count("chunkSize", chunkSize), MAX_CHUNK_ITEMS);
      const most = count("ahead", ahead ?? this.#size * CHUNKS * chunk);
      const drop = (call: PoolCall) => this.#crew.drop(call);
      const changed = () => this.#crew.heard();
      mustBeIterable(items, true);
      const options = { place, asked, isOrdered, chunk, ahead: most, pathOf: itemPath, submit, drop, changed };
      return new Stream<unknown>(options, items);
    });
    this.#streams.add(stream);
    const forget = onAbort(signal, (reason) => stream.end({ reason }));
    const over = () => {
      forget();
      this.#streams.delete(stream);
    };
    return new Results(stream, (wait) => this.#waited(wait), over);
  }

  /** What every call begins with: the place of its function. */
  #begin(task: Task, signal: AbortSignal | undefined): FunctionPlace {
    signal?.throwIfAborted();
    this.#mustGoOn();
    if (this.#state === "closed") throw new ProcessError("api.pool.closed", { name: this.#name });
    return placeOf(task, "task");
  }

  /** @throws why it is broken, or that it was terminated. */
  #mustGoOn(): void {
    if (this.#crew.failure !== null) throw this.#crew.failure();
  }

  /** Shows on this process's lane that it waits for the pool. */
  async #waited<T>(promise: Promise<T>): Promise<T> {
    if (this.#awaited++ === 0) record({ type: "wait", on: this.#name });
    try {
      return await promise;
    } finally {
      if (--this.#awaited === 0) record({ type: "run" });
    }
  }
}

/** How a call is made of items. */
interface Shape extends Pick<PoolCall, "isStar" | "hasItems" | "pathOf"> {
  readonly asked: Asked;
}

const itemPath = (index: number): string => `items[${index}]`;
