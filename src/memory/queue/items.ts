/** A queue's items and the waits for them: for an item, for room, for all that was put to be done. */
import { Op } from "../frames.ts";
import type { ObjectPlace } from "../handle.ts";
import { timeoutOf, type WaitOptions } from "../wait.ts";
import { emit, emitRun } from "../watch.ts";
import { Ring } from "./ring.ts";
import type { EncodedItem } from "./segment.ts";
import type { Side } from "./side.ts";

/** So often it is looked again in this process before it waits at the hub: what is waited for may come at once. */
const LOOKS = 3;
const LOADS = 300;
/** How long those who take may make room before it is looked again, ms … */
const MOMENT_MS = 1;
/** … and how often nothing may have been taken meanwhile before another large ring follows. */
const MOMENTS = 3;
/** After so many items that needed no wait, whatever else this process has to do has its turn. */
const TURN = 256;

let sinceTurn = 0;

export class QueueItems {
  readonly ring: Ring;

  constructor(readonly place: ObjectPlace) {
    this.ring = new Ring(place);
  }

  /**
   * Puts an item, waiting for room where there may only be so many.
   * @returns `full` if the timeout was over before. @throws the signal's reason; LanesError `memory.full`, `memory.large`.
   */
  async put(given: EncodedItem, options: WaitOptions = {}): Promise<"put" | "full" | "closed"> {
    const { ring } = this;
    const deadline = new Deadline(options);
    let item = given;
    for (let moments = 0; ; ) {
      const grows = moments >= MOMENTS;
      let put = ring.tryPut(item, grows);
      // What is put is what it was when it was asked for, whatever becomes of it during a wait.
      if (put !== "put" && item === given) item = { ...given, bytes: given.bytes.slice() };
      if (put === "busy") {
        if (!(await this.#enter(ring.puts, deadline))) return "full";
        put = ring.putInside(item, grows);
      }
      if (put === "crowded") {
        // While others take there will be room soon, and new memory costs more than to wait for it.
        const { count } = ring.gets;
        await Bun.sleep(MOMENT_MS);
        moments = ring.gets.count === count ? moments + 1 : 0;
      } else if (put === "full") {
        if (!(await this.#wait(Op.putWait, () => ring.size < ring.most || ring.isClosed, deadline))) return "full";
      } else {
        if (++sinceTurn >= TURN) await turn();
        return put;
      }
    }
  }

  /** Takes an item, waiting for one. @returns `empty` if the timeout was over before. @throws the signal's reason. */
  async get(options: WaitOptions = {}): Promise<EncodedItem | "empty" | "closed"> {
    const { ring } = this;
    const deadline = new Deadline(options);
    for (;;) {
      let got = ring.tryGet();
      if (got === "busy") {
        if (!(await this.#enter(ring.gets, deadline))) return "empty";
        got = ring.getInside();
      }
      if (got !== "empty") {
        if (++sinceTurn >= TURN) await turn();
        return got;
      }
      if (!(await this.#wait(Op.getWait, () => ring.size > 0 || ring.isClosed, deadline))) return "empty";
    }
  }

  /** Waits until there is an item to take, or there will be none. @returns false if the timeout was over before. */
  async poll(options: WaitOptions = {}): Promise<boolean> {
    const { ring } = this;
    const deadline = new Deadline(options);
    while (ring.size === 0 && !ring.isClosed)
      if (!(await this.#wait(Op.getWait, () => ring.size > 0 || ring.isClosed, deadline))) return false;
    ring.passOn();
    return true;
  }

  /** Waits until all that was put is done. @returns false if the timeout was over before. @throws the signal's reason. */
  async join(options: WaitOptions = {}): Promise<boolean> {
    const deadline = new Deadline(options);
    while (this.ring.unfinished > 0)
      if (!(await this.#wait(Op.joinWait, () => this.ring.unfinished === 0, deadline))) return false;
    return true;
  }

  async #enter(side: Side, deadline: Deadline): Promise<boolean> {
    const has = !deadline.isOver && (await side.enter(deadline.left));
    if (!has) deadline.options.signal?.throwIfAborted();
    return has;
  }

  /** Waits until it may be so. @returns false if the timeout was over before. */
  async #wait(op: number, isSo: () => boolean, deadline: Deadline): Promise<boolean> {
    if (deadline.isOver) return false;
    if (deadline.looks++ < LOOKS) {
      for (let loads = 0; loads < LOADS; loads++) if (isSo()) return true;
      await turn();
      deadline.options.signal?.throwIfAborted();
      return true;
    }
    const { shared, id, name } = this.place;
    emit("wait", name);
    const { kind } = await shared.connection.ask(op, id, 0, deadline.left);
    emitRun();
    if (kind === "granted") return true;
    deadline.options.signal?.throwIfAborted();
    return false;
  }
}

/** How long one still waits. */
class Deadline {
  looks = 0;
  readonly #until: number | undefined;

  constructor(readonly options: WaitOptions) {
    options.signal?.throwIfAborted();
    const timeout = timeoutOf(options);
    this.#until = timeout === undefined ? undefined : performance.now() + timeout;
  }

  get isOver(): boolean {
    return this.#until !== undefined && performance.now() >= this.#until;
  }

  get left(): WaitOptions {
    if (this.#until === undefined) return this.options;
    return { ...this.options, timeout: Math.max(0, this.#until - performance.now()) };
  }
}

function turn(): Promise<void> {
  sinceTurn = 0;
  return new Promise(setImmediate);
}
