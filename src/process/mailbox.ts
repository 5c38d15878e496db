/** Values in the order they came, for whoever asks: at either end of the wire. */
export class Mailbox {
  readonly #values: unknown[] = [];
  readonly #receivers: PromiseWithResolvers<unknown>[] = [];
  #closed: Error | null = null;

  /** A value has come: it goes to whoever has waited longest. */
  put(value: unknown): void {
    const receiver = this.#receivers.shift();
    if (receiver) receiver.resolve(value);
    else this.#values.push(value);
  }

  /** No more will come: who waits, and who asks when all has been taken, gets this reason. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const receiver of this.#receivers.splice(0)) receiver.reject(reason);
  }

  /** The next value. Rejects with the reason when there is none and will be none. */
  take(): Promise<unknown> {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift());
    if (this.#closed !== null) return Promise.reject(this.#closed);
    const receiver = Promise.withResolvers<unknown>();
    this.#receivers.push(receiver);
    return receiver.promise;
  }
}
