/**
 * A call of a pool whose results are taken one by one while its items are read, a bounded number ahead: what was read and is not
 * taken yet is all that is in memory. An item that fails is told in its place, and those after it still come, as in Python.
 */
import type { Asked } from "../asked.ts";
import type { FunctionPlace } from "../place/place.ts";
import type { PoolCall } from "./task.ts";

/** What the items come from. */
export type Items = Iterable<unknown> | AsyncIterable<unknown>;

export interface StreamParts extends Pick<PoolCall, "place" | "pathOf"> {
  readonly asked: Asked;
  readonly isOrdered: boolean;
  /** Items in a task. */
  readonly chunk: number;
  /** How many items may be read and not taken. */
  readonly ahead: number;
  /** Has the items done. @throws NotSendable */
  submit(call: PoolCall, first: number, items: readonly unknown[]): void;
  /** What is not begun of it need not be. */
  drop(call: PoolCall): void;
  /** Called when {@link Stream.isReading} may have changed. */
  changed(): void;
}

/** What came of consecutive items: results, or one error for all of them. */
interface ResultPiece<R> {
  readonly count: number;
  readonly values: readonly R[];
  readonly error: Error | null;
}

export class Stream<R> implements PoolCall {
  readonly place: FunctionPlace;
  readonly pathOf: PoolCall["pathOf"];
  readonly isStar = false;
  readonly hasItems = true;
  readonly goesOn = true;
  isDropped = false;
  /** Ordered: what waits for earlier items, by its first. */
  readonly #pieces = new Map<number, ResultPiece<R>>();
  /** Unordered: in the order of coming. */
  readonly #arrived: ResultPiece<R>[] = [];
  /** The results at hand. */
  #values: readonly R[] = [];
  #at = 0;
  /** Items read; given (a failed one is); given or at hand. */
  #read = 0;
  #given = 0;
  #next = 0;
  /** Nothing more is read: why, if that is an error. */
  #isRead = false;
  /** How many items may be read and not taken. */
  #ahead: number;
  /** The last that was given is an error: perhaps nobody comes for more. */
  #isPaused = false;
  #inputError: { readonly reason: unknown } | null = null;
  /** It has ended, whatever is to come: with what, if that is an error. */
  isOver = false;
  #end: { readonly reason: unknown } | null = null;
  #change = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();

  /** Begins to read. */
  constructor(
    readonly options: StreamParts,
    items: Items,
  ) {
    ({ place: this.place, pathOf: this.pathOf } = options);
    this.#ahead = options.ahead;
    void this.#readAll(items);
  }

  /** The next result. @throws what its item failed with: the next call goes on behind it; what ended the input, or all of it. */
  async next(): Promise<IteratorResult<R, undefined>> {
    if (this.#isPaused) this.#pause(false);
    for (;;) {
      if (this.#end !== null) {
        const { reason } = this.#end;
        this.#end = null;
        throw reason;
      }
      if (this.isOver) return { done: true, value: undefined };
      const now = this.nextNow();
      if (now !== undefined) return now;
      const piece = this.#take();
      if (piece === null) {
        if (this.#isRead && this.#given === this.#read) this.end(this.#inputError);
        else {
          await this.#change.promise;
          this.#change = Promise.withResolvers();
        }
      } else if (piece.error === null) {
        this.#values = piece.values;
        this.#at = 0;
      } else {
        this.#gave(piece.count);
        this.#pause(true);
        throw piece.error;
      }
    }
  }

  /** The next result, if it is at hand. */
  nextNow(): IteratorResult<R, undefined> | undefined {
    if (this.#at >= this.#values.length || this.isOver || this.#isPaused) return undefined;
    this.#gave(1);
    return { done: false, value: this.#values[this.#at++] as R };
  }

  /** Whether it will still have items done, whoever takes the results. */
  get isReading(): boolean {
    return !this.#isRead && !this.isOver && !this.#isPaused;
  }

  /** Reads all there is: the pool is closed, and ends when that is done. */
  readOn(): void {
    this.#ahead = Number.POSITIVE_INFINITY;
    this.#room.resolve();
  }

  #pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#room.resolve();
    this.options.changed();
  }

  /** Whether no more may be read now. */
  #isFull(waiting: number): boolean {
    const most = this.#isPaused ? this.options.ahead : this.#ahead;
    return this.#read + waiting - this.#given >= most;
  }

  /** No more is wanted, or can come. */
  end(error: { readonly reason: unknown } | null): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#end = error;
    this.#room.resolve();
    this.#change.resolve();
    this.options.drop(this);
  }

  values(first: number, values: readonly unknown[]): void {
    this.#came(first, { count: values.length, values: values as R[], error: null });
  }

  failed(first: number, count: number, error: Error): void {
    this.#came(first, { count, values: [], error: this.options.asked.placed(error) });
  }

  #came(first: number, piece: ResultPiece<R>): void {
    if (this.options.isOrdered) this.#pieces.set(first, piece);
    else this.#arrived.push(piece);
    this.#change.resolve();
  }

  #gave(count: number): void {
    this.#given += count;
    this.#room.resolve();
  }

  #take(): ResultPiece<R> | null {
    if (!this.options.isOrdered) return this.#arrived.shift() ?? null;
    const piece = this.#pieces.get(this.#next);
    if (piece === undefined) return null;
    this.#pieces.delete(this.#next);
    this.#next += piece.count;
    return piece;
  }

  async #readAll(items: Items): Promise<void> {
    const { chunk } = this.options;
    let iterator: Iterator<unknown> | AsyncIterator<unknown> | null = null;
    let part: unknown[] = [];
    const submit = () => {
      const [first, some] = [this.#read, part];
      part = [];
      if (some.length === 0) return;
      this.options.submit(this, first, some);
      this.#read += some.length;
    };
    try {
      const isAsync = isAsyncIterable(items);
      iterator = isAsync ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
      while (!this.isOver) {
        if (this.#isFull(part.length)) {
          // A part of a chunk goes only where nothing else is under way: else chunks would become single items.
          if (this.#read === this.#given) submit();
          this.#room = Promise.withResolvers();
          if (this.#isFull(part.length) && !this.isOver) await this.#room.promise;
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
      if (!this.isOver) submit();
    } catch (reason) {
      this.#inputError = { reason };
      try {
        submit(); // what was read before it is still done
      } catch {
        // that it cannot be sent comes later than what was thrown
      }
    }
    this.#isRead = true;
    this.#change.resolve();
    this.options.changed();
    // What is not read to its end may have something to put away.
    void (async () => iterator?.return?.())().catch(() => {});
  }
}

/** A text is iterable, too, though nothing is `in` it. */
const isAsyncIterable = (items: Items): items is AsyncIterable<unknown> =>
  (items as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] !== undefined;
