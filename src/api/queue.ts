/** A queue of values between processes: Python's Queue, JoinableQueue and SimpleQueue in one. */
import { LanesError } from "../errors.ts";
import {
  defineHandle,
  Handle,
  makeQueuePlace,
  type NameOptions,
  ObjectPlace,
  QueueClosed,
  QueueEmpty,
  QueueFull,
  QueueItems,
  type WaitOptions,
} from "../memory/index.ts";
import { itemOf, valueIn, valueNow } from "./sending/values.ts";

/** More items than counts can tell apart. */
const MOST = 2 ** 30 - 1;

export class Queue<T = unknown> extends Handle implements AsyncIterable<T> {
  readonly #items: QueueItems;

  /**
   * @param maxSize how many items there may be in it; 0: any number, and to put never waits.
   * @throws LanesError `memory.argument`, `memory.many`, `memory.full`.
   */
  constructor(maxSize: number | ObjectPlace = 0, options: NameOptions = {}) {
    const place = maxSize instanceof ObjectPlace ? maxSize : make(maxSize, options.name);
    super("queue", place);
    this.#items = new QueueItems(place);
  }

  /** 0: any number. */
  get maxSize(): number {
    return this.#items.ring.most;
  }

  /** How many items are in it now. */
  get size(): number {
    return this.#items.ring.size;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  get isFull(): boolean {
    return this.maxSize > 0 && this.size >= this.maxSize;
  }

  get isClosed(): boolean {
    return this.#items.ring.isClosed;
  }

  /**
   * Puts an item, waiting for room where `maxSize` says so. When it resolves the item is in memory that all share: whatever
   * becomes of this process, it is there.
   * @throws NotSendable; QueueFull if the timeout was over before; QueueClosed; LanesError `memory.full`; the signal's reason. It
   *   was not put then.
   */
  async put(item: T, options: WaitOptions = {}): Promise<void> {
    const put = await this.#items.put(itemOf(item, "item"), options);
    if (put === "full") throw new QueueFull(this.name, options.timeout ?? 0);
    if (put === "closed") throw new QueueClosed(this.name);
  }

  /** Puts an item if that needs no wait. @throws as {@link put}. */
  tryPut(item: T): boolean {
    const put = this.#items.ring.tryPut(itemOf(item, "item"), true);
    if (put === "closed") throw new QueueClosed(this.name);
    return put === "put";
  }

  /**
   * Takes the first item, waiting for one.
   * @throws QueueEmpty if the timeout was over before; QueueClosed if it is closed and empty; the signal's reason.
   */
  async get(options: WaitOptions = {}): Promise<T> {
    const item = await this.#items.get(options);
    if (item === "empty") throw new QueueEmpty(this.name, options.timeout ?? 0);
    if (item === "closed") throw new QueueClosed(this.name);
    return (await valueIn(item)) as T;
  }

  /** Takes the first item if there is one, and no other process is just taking it. */
  tryGet(): { readonly item: T } | null {
    const item = this.#items.ring.tryGet();
    return typeof item === "string" ? null : { item: valueNow(item) as T };
  }

  /** From now on nobody can put, in no process; what is in it can still be taken. Those who wait for more get QueueClosed. */
  close(): void {
    this.#items.ring.close();
  }

  /** One item that was taken is done with: see {@link join}. @throws LanesError `memory.queue.done` if all were already. */
  taskDone(): void {
    if (!this.#items.ring.finish()) throw new LanesError("memory.queue.done", { name: this.name });
  }

  /** Waits until {@link taskDone} was called for every item that was put. @returns false if the timeout was over before. */
  join(options: WaitOptions = {}): Promise<boolean> {
    return this.#items.join(options);
  }

  /** Item after item, until it is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, undefined> {
    for (;;) {
      const item = await this.#items.get();
      if (typeof item === "string") return;
      yield (await valueIn(item)) as T;
    }
  }

  protected override state(): string {
    const { size, maxSize, isClosed } = this;
    return `${size}${maxSize > 0 ? ` of ${maxSize}` : ""} items${isClosed ? ", closed" : ""}`;
  }
}

function make(maxSize: number, name: string | undefined): ObjectPlace {
  if (!Number.isInteger(maxSize) || maxSize < 0 || maxSize > MOST)
    throw new LanesError("memory.argument", {
      what: "Queue(maxSize)",
      wanted: `0 … ${MOST}`,
      value: String(maxSize),
    });
  return makeQueuePlace("Queue", maxSize, name);
}

defineHandle("queue", (place) => new Queue(place));
