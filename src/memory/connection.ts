/**
 * A process's end of a hub's socket. A wait that is going on keeps the process alive, nothing else here does.
 *
 * Always true: what has been asked is answered once, or rejects because the hub is gone; who gives up learns from the hub
 * whether it was too late, so that nothing that was granted is lost.
 */
import { errnoCode, LanesError } from "../errors.ts";
import { keepAwake } from "../os/awake.ts";
import { ended, HUB_SOCKET } from "./files.ts";
import { Answer, Cutter, GaveUp, Op, Out } from "./frames.ts";
import { timeoutOf, type WaitOptions } from "./wait.ts";

/** How long a hub may take to answer the first frame: one that is stopped, or has no descriptor left, does not. */
const PATIENCE_MS = 30_000;
/** How long a socket that is there may refuse: between bind(2) and listen(2). */
const REFUSED_MS = 500;

/** What came of a wait. */
export interface WaitOutcome {
  readonly kind: "granted" | "cancelled" | "broken";
  readonly note: number;
}
const kinds: Readonly<Record<number, WaitOutcome["kind"]>> = {
  [Answer.granted]: "granted",
  [Answer.cancelled]: "cancelled",
  [Answer.broken]: "broken",
};

interface Call {
  resolve(outcome: WaitOutcome): void;
  reject(error: Error): void;
}

export class HubConnection {
  /** Resolves to the number the hub has given this process. Rejects with LanesError `memory.ended`, `memory.connect`. */
  readonly ready: Promise<number>;
  readonly #out = new Out();
  readonly #calls = new Map<number, Call>();
  /** Objects the hub is to look at, by frames that wait to be written: one is as good as many. */
  readonly #told = new Set<number>();
  #toldAt = 0;
  #seq = 1;
  #socket: Bun.Socket | null = null;
  #lost: Error | null = null;

  /**
   * @param listening resolves when the hub listens; undefined if it may, or may just be starting.
   * @param isOwner whether the hub belongs to this process.
   */
  constructor(
    readonly folder: string,
    readonly isOwner: boolean,
    listening?: Promise<void>,
  ) {
    this.ready = this.#connect(listening);
    this.ready.catch((error: Error) => this.#lose(error));
  }

  /** This process ends because it is done: see Op.bye. At once, for nothing else will be done. */
  bye(): void {
    this.#out.send(Op.bye, 0, 0, 0);
    this.#out.flush();
  }

  /** Tells the hub. The order is kept. */
  tell(op: number, object: number, arg = 0): void {
    this.#out.send(op, object, 0, arg);
  }

  /** Tells the hub to look at an object, which it does later than what was stored before; once is enough. */
  lookAt(op: number, object: number): void {
    if (this.#toldAt !== this.#out.writes) this.#told.clear();
    this.#toldAt = this.#out.writes;
    if (this.#told.has(object)) return;
    this.#told.add(object);
    this.#out.send(op, object, 0, 0);
  }

  /**
   * Asks the hub, and waits until it answers. One whose timeout is over, or whose signal is aborted, is told whether that came too
   * late. @throws the signal's reason if it is aborted before it asks.
   */
  async ask(op: number, object: number, arg: number, options: WaitOptions): Promise<WaitOutcome> {
    const timeout = timeoutOf(options);
    const { signal } = options;
    signal?.throwIfAborted();
    if (this.#lost !== null) throw this.#lost;
    const seq = this.#nextSeq();
    const { promise, resolve, reject } = Promise.withResolvers<WaitOutcome>();
    this.#calls.set(seq, { resolve, reject });
    if (this.#calls.size === 1) this.#socket?.ref();
    this.#out.send(op, object, seq, arg);
    const giveUp = (why: number) => this.#out.send(Op.cancel, object, seq, why);
    const aborted = () => giveUp(GaveUp.signal);
    signal?.addEventListener("abort", aborted);
    const timer = timeout === undefined ? undefined : setTimeout(giveUp, timeout, GaveUp.timeout);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    }
  }

  #nextSeq(): number {
    do this.#seq = (this.#seq % (2 ** 31 - 1)) + 1;
    while (this.#calls.has(this.#seq));
    return this.#seq;
  }

  #answered(op: number, seq: number, note: number): void {
    const call = this.#calls.get(seq);
    if (call === undefined) return;
    this.#calls.delete(seq);
    if (this.#calls.size === 0) this.#socket?.unref();
    call.resolve({ kind: kinds[op] ?? "granted", note });
  }

  async #connect(listening: Promise<void> | undefined): Promise<number> {
    const { promise: hello, resolve, reject } = Promise.withResolvers<WaitOutcome>();
    hello.catch(() => {}); // it may come while nobody waits for it yet
    const seq = this.#nextSeq();
    this.#calls.set(seq, { resolve, reject });
    this.#out.send(Op.hello, process.pid, seq, Number(this.isOwner));
    // Somebody may wait already, and the event loop knows nothing of a thread that is only just starting.
    using _awake = keepAwake();
    await listening;
    const socket = await this.#reach();
    this.#socket = socket;
    this.#out.connect(socket);
    const late = setTimeout(() => {
      this.#lose(new LanesError("memory.connect", { seconds: PATIENCE_MS / 1e3 }));
      socket.end();
    }, PATIENCE_MS);
    try {
      const { note } = await hello;
      if (this.#calls.size === 0) socket.unref();
      return note;
    } finally {
      clearTimeout(late);
    }
  }

  async #reach(): Promise<Bun.Socket> {
    const cutter = new Cutter((op, _object, seq, note) => this.#answered(op, seq, note));
    const began = performance.now();
    for (let tries = 0; ; tries++) {
      try {
        return await Bun.connect({
          unix: `${this.folder}/${HUB_SOCKET}`,
          socket: {
            data: (_socket, bytes) => cutter.push(bytes),
            drain: () => this.#out.drain(),
            close: () => this.#lose(ended()),
          },
        });
      } catch (error) {
        const code = errnoCode(error);
        const limit = code === "ECONNREFUSED" ? REFUSED_MS : PATIENCE_MS;
        const isGone = code === "ENOENT" && !isFolder(this.folder);
        if (isGone || performance.now() - began > limit) throw ended(error);
        await Bun.sleep(tries < 30 ? 1 : 10);
      }
    }
  }

  /** The hub is gone, and with it whatever is waited for. */
  #lose(error: Error): void {
    this.#lost ??= error;
    for (const call of this.#calls.values()) call.reject(this.#lost);
    this.#calls.clear();
  }
}

function isFolder(path: string): boolean {
  const { statSync } = process.getBuiltinModule("node:fs");
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
