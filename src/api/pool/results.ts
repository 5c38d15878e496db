/** Results that are taken one by one. An error is that of one item: `for await` ends with it, `next()` goes on behind it. */
import type { Stream } from "./stream.ts";

export class Results<R> implements AsyncGenerator<R, undefined> {
  /** Whoever asks for several at once has them in the order of asking. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param waited what is done around each wait. @param over called when no more is wanted. */
  constructor(
    readonly stream: Stream<R>,
    readonly waited: <T>(wait: Promise<T>) => Promise<T>,
    readonly over: () => void,
  ) {}

  next(): Promise<IteratorResult<R, undefined>> {
    const now = this.#waiting === 0 ? this.stream.nextNow() : undefined;
    if (now !== undefined) return Promise.resolve(now);
    this.#waiting++;
    const result = this.#last.then(async () => {
      try {
        return await this.waited(this.stream.next());
      } finally {
        if (this.stream.isOver) this.over();
      }
    });
    this.#last = result.catch(() => {}).then(() => this.#waiting--);
    return result;
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    this.stream.end(null);
    this.over();
    return { done: true, value: undefined };
  }

  async throw(reason: unknown): Promise<IteratorResult<R, undefined>> {
    await this.return();
    throw reason;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
