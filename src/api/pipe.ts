/** A pipe between two processes: what one end sends the other receives. */
import { LanesError } from "../errors.ts";
import {
  defineHandle,
  End,
  Handle,
  makeEnds,
  type NameOptions,
  type ObjectPlace,
  QueueEmpty,
  type QueueItems,
  type WaitOptions,
} from "../memory/index.ts";
import { itemOf, valueIn } from "./sending/values.ts";

/** Nobody has the other end any more, or this process has closed its own. */
export class ConnectionClosed extends LanesError<"api.pipe.ended" | "api.pipe.closed"> {
  override readonly name = "ConnectionClosed";
}

export interface PipeOptions extends NameOptions {
  /** False: the first end only receives, the second only sends. */
  readonly duplex?: boolean | undefined;
}

/** An end of a pipe. A process that is given one has it until it ends, or closes it. */
export class Connection<In = unknown, Out = In> extends Handle implements AsyncIterable<In>, Disposable {
  readonly #end: End;

  /** @param wasMade by Pipe, and not given to this process. */
  constructor(place: ObjectPlace, wasMade = false) {
    const end = new End(place, !wasMade);
    super("connection", place, () => {
      this.#mustBeOpen();
      end.sent();
    });
    this.#end = end;
  }

  /**
   * Sends a value: it never waits for the other end to receive it. When it resolves the value is in memory that both share.
   * @throws NotSendable; ConnectionClosed if nobody has the other end any more; LanesError `memory.full`.
   */
  async send(value: Out): Promise<void> {
    const items = this.#items(this.#end.sends, "send");
    if ((await items.put(itemOf(value, "value"))) === "closed")
      throw new ConnectionClosed("api.pipe.ended", { name: this.name });
  }

  /**
   * The next value. What was sent before the other end was closed still comes.
   * @throws ConnectionClosed if nothing comes any more; QueueEmpty if the timeout was over before; the signal's reason.
   */
  async receive(options: WaitOptions = {}): Promise<In> {
    const item = await this.#items(this.#end.receives, "receive").get(options);
    if (item === "empty") throw new QueueEmpty(this.name, options.timeout ?? 0);
    if (item === "closed") throw new ConnectionClosed("api.pipe.ended", { name: this.name });
    return (await valueIn(item)) as In;
  }

  /** Whether a value can be received without a wait. */
  get hasMessage(): boolean {
    return this.#items(this.#end.receives, "receive").ring.size > 0;
  }

  /** Waits until {@link receive} need not wait: there is a value, or nothing comes any more. @returns false if the timeout was over before. */
  async poll(options: WaitOptions = {}): Promise<boolean> {
    return this.#items(this.#end.receives, "receive").poll(options);
  }

  /** Whether this process has closed it. */
  get isClosed(): boolean {
    return this.#end.isClosed;
  }

  /** This process needs it no more. When nobody has it any more, whoever has the other end is told. */
  close(): void {
    this.#end.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Value after value, until nothing comes any more. */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, undefined> {
    for (;;) {
      const item = await this.#items(this.#end.receives, "receive").get();
      if (typeof item === "string") return;
      yield (await valueIn(item)) as In;
    }
  }

  #items(items: QueueItems | null, method: string): QueueItems {
    this.#mustBeOpen();
    if (items === null) throw new LanesError("api.pipe.oneWay", { name: this.name, method: `${method}()` });
    this.#end.use();
    return items;
  }

  #mustBeOpen(): void {
    if (this.#end.isClosed) throw new ConnectionClosed("api.pipe.closed", { name: this.name });
  }

  protected override state(): string {
    const { isClosed, receives } = this.#end;
    return isClosed ? "closed" : `${receives?.ring.size ?? 0} to receive`;
  }
}

/**
 * A pipe. Give one end to another process; when that has ended, or has closed it, this one's end says so.
 * @throws LanesError `memory.many`, `memory.full`, `memory.folder`.
 */
export function Pipe<A = unknown, B = A>({
  duplex = true,
  name,
}: PipeOptions = {}): [Connection<A, B>, Connection<B, A>] {
  const [one, other] = makeEnds(duplex, name);
  return [new Connection<A, B>(one, true), new Connection<B, A>(other, true)];
}

defineHandle("connection", (place) => new Connection(place));
