/**
 * A call of a pool whose results are taken one by one while its items are read, a bounded number ahead: what was read and is not
 * taken yet is all that is in memory.
 */
import type { Place } from "../place/place.ts";
import type { Asked } from "./calls.ts";
import type { Call } from "./task.ts";

/** What the items come from. */
export type Items = Iterable<unknown> | AsyncIterable<unknown>;

export interface StreamOptions extends Pick<Call, "place" | "pathOf"> {
  readonly asked: Asked;
  readonly isOrdered: boolean;
  /** Items in a task. */
  readonly chunk: number;
  /** How many items may be read and not taken. */
  readonly ahead: number;
  /** Has the items done. @throws NotSendable */
  submit(call: Call, first: number, items: readonly unknown[]): void;
  /** What is not begun of it need not be. */
  drop(call: Call): void;
}

export class Stream<R> implements Call {
  readonly place: Place;
  readonly pathOf: Call["pathOf"];
  readonly isStar = false;
  /** Ordered: results that wait for earlier ones, by their first item. */
  readonly #pieces = new Map<number, readonly R[]>();
  /** Unordered: in the order of coming. */
  #arrived: (readonly R[])[] = [];
  /** What ends it, by the item before which all others are given. */
  #failure: { readonly index: number; readonly reason: unknown } | null = null;
  #read = 0;
  #given = 0;
  #next = 0;
  #isRead = false;
  #isOver = false;
  #change = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();

  constructor(readonly options: StreamOptions) {
    ({ place: this.place, pathOf: this.pathOf } = options);
  }

  /** Reads, and gives the results. */
  async *results(items: Items): AsyncGenerator<R, undefined> {
    void this.#readAll(items);
    try {
      for (;;) {
        const piece = this.#take();
        if (piece === null) {
          if (this.#isDue) throw this.#failure?.reason;
          if (this.#isRead && this.#given === this.#read) return;
          await this.#change.promise;
          this.#change = Promise.withResolvers();
          continue;
        }
        for (const result of piece) {
          this.#given++;
          this.#room.resolve();
          yield result;
        }
      }
    } finally {
      this.#isOver = true;
      this.#room.resolve();
      this.options.drop(this);
    }
  }

  values(first: number, values: readonly unknown[]): void {
    if (this.options.isOrdered) this.#pieces.set(first, values as R[]);
    else this.#arrived.push(values as R[]);
    this.#change.resolve();
  }

  failed(index: number, error: Error): void {
    this.#fail(index, this.options.asked.placed(error));
  }

  /** It ends with this, whatever has come. */
  end(reason: unknown): void {
    this.#fail(-1, reason);
  }

  #fail(index: number, reason: unknown): void {
    if (this.#failure !== null && this.#failure.index <= index) return;
    this.#failure = { index, reason };
    this.#room.resolve();
    this.#change.resolve();
  }

  /** Whether the failure's turn has come. */
  get #isDue(): boolean {
    if (this.#failure === null) return false;
    const { index } = this.#failure;
    return index < 0 || !this.options.isOrdered || index <= this.#next;
  }

  #take(): readonly R[] | null {
    if (this.#failure !== null && this.#failure.index < 0) return null;
    if (!this.options.isOrdered) return this.#arrived.shift() ?? null;
    const piece = this.#pieces.get(this.#next);
    if (piece === undefined) return null;
    this.#pieces.delete(this.#next);
    this.#next += piece.length;
    return piece;
  }

  async #readAll(items: Items): Promise<void> {
    const { chunk } = this.options;
    const isAsync = Symbol.asyncIterator in items;
    let iterator: Iterator<unknown> | AsyncIterator<unknown> | null = null;
    let part: unknown[] = [];
    const submit = () => {
      const first = this.#read;
      this.#read += part.length;
      if (part.length > 0) this.options.submit(this, first, part);
      part = [];
    };
    try {
      iterator = isAsync ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
      while (!this.#isOver && this.#failure === null) {
        if (this.#read + part.length - this.#given >= this.options.ahead) {
          submit();
          this.#room = Promise.withResolvers();
          if (this.#read - this.#given >= this.options.ahead) await this.#room.promise;
          continue;
        }
        const step = iterator.next();
        const { done, value } = isAsync ? await step : (step as IteratorResult<unknown>);
        if (done) {
          iterator = null;
          break;
        }
        part.push(value);
        if (part.length >= chunk) submit();
      }
      submit();
    } catch (error) {
      iterator = null;
      // What was read before it is still done.
      const index = this.#read + part.length;
      try {
        submit();
      } catch {
        // that it cannot be sent comes later than what was thrown
      }
      this.#fail(index, error);
    }
    this.#isRead = true;
    this.#change.resolve();
    // What is not read to its end may have something to put away.
    void (async () => iterator?.return?.())().catch(() => {});
  }
}
