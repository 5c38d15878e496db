/**
 * A barrier between processes: nobody goes on before all have come; then it can be used again. If one of them dies, however that
 * happens, the others get an error that names it, and do not wait for ever.
 */
import { LanesError } from "../../errors.ts";
import type { MessageKey, ParamsOf } from "../../i18n/phrase.ts";
import { BarrierCell, Broken, CellKind } from "../cells.ts";
import { Op } from "../frames.ts";
import { defineHandle, Handle, ObjectPlace } from "../handle.ts";
import { timeoutOf, type WaitOptions } from "../wait.ts";
import { emit, emitRun } from "../watch.ts";
import { OWNER } from "../word.ts";
import type { NameOptions } from "./lock.ts";

/** Not all will come. */
export class BrokenBarrier<K extends MessageKey = MessageKey> extends LanesError<K> {
  constructor(
    key: K,
    params: ParamsOf<K>,
    /** The process whose end broke it; null if that is not the reason. */
    readonly pid: number | null,
  ) {
    super(key, params);
    Object.defineProperty(this, "name", { value: "BrokenBarrier" });
  }
}

export interface BarrierOptions extends NameOptions {
  /** How long one waits at most if the wait does not say it, ms. */
  readonly timeout?: number | undefined;
}

export class Barrier extends Handle {
  readonly #place: ObjectPlace;

  /** @param parties how many have to come. @throws LanesError `memory.argument`, `memory.many`, `memory.full`. */
  constructor(parties: number | ObjectPlace, options: BarrierOptions = {}) {
    const place = parties instanceof ObjectPlace ? parties : make(parties, options);
    super("barrier", place);
    this.#place = place;
    // Who was given it takes part, so that its end is noticed even if it comes before the first wait.
    if (parties instanceof ObjectPlace && place.shared.peer !== OWNER)
      place.shared.connection.tell(Op.barrierJoin, place.id);
  }

  /** How many have to come. */
  get parties(): number {
    return this.#place.load(BarrierCell.parties);
  }

  /** How many have come, and wait. */
  get waiting(): number {
    return this.#place.load(BarrierCell.waiting);
  }

  get isBroken(): boolean {
    return this.#place.load(BarrierCell.broken) !== 0;
  }

  get #words(): Int32Array {
    return this.#place.cell.page.words;
  }

  /** Where it says whether it is broken, and why. */
  get #at(): number {
    return this.#place.cell.at + BarrierCell.broken;
  }

  /**
   * Comes, and waits until all have. Who gives up, by timeout or signal, breaks it for all.
   * @returns which one this was in the order of coming, from 0.
   * @throws BrokenBarrier; the signal's reason.
   */
  async wait(options: WaitOptions = {}): Promise<number> {
    options.signal?.throwIfAborted();
    const { shared, id, name, more } = this.#place;
    const timeout = options.timeout ?? (more.timeout === undefined ? undefined : Number(more.timeout));
    timeoutOf({ timeout });
    if (shared.peer === 0) await shared.ready;
    emit("wait", name);
    const { kind, note } = await shared.connection.ask(Op.barrierWait, id, 0, { ...options, timeout });
    emitRun();
    if (kind === "granted") return note;
    if (kind === "broken") throw broken(name, note);
    options.signal?.throwIfAborted();
    throw broken(name, Broken.timeout);
  }

  /** Makes it whole; those who wait get a BrokenBarrier. */
  reset(): void {
    Atomics.store(this.#words, this.#at, 0);
    this.#place.shared.connection.tell(Op.barrierReset, this.#place.id);
  }

  /** Breaks it: whoever waits, or comes before it is reset, gets a BrokenBarrier. */
  abort(): void {
    // It is broken for whoever looks now; who died of what before is not written over.
    Atomics.compareExchange(this.#words, this.#at, 0, Broken.aborted);
    this.#place.shared.connection.tell(Op.barrierAbort, this.#place.id);
  }

  protected override state(): string {
    return this.isBroken ? "broken" : `${this.waiting} of ${this.parties} wait`;
  }
}

function make(parties: number, { name, timeout }: BarrierOptions): ObjectPlace {
  if (!Number.isInteger(parties) || parties < 1)
    throw new LanesError("memory.argument", { what: "Barrier(parties)", wanted: "1 …", value: String(parties) });
  const more: Record<string, number> = timeout === undefined ? {} : { timeout };
  timeoutOf({ timeout });
  return ObjectPlace.make(CellKind.barrier, {
    words: { [BarrierCell.parties]: parties },
    title: "Barrier",
    name,
    more,
  });
}

function broken(name: string, why: number): BrokenBarrier {
  switch (why) {
    case Broken.aborted:
      return new BrokenBarrier("memory.barrier.aborted", { name }, null);
    case Broken.timeout:
      return new BrokenBarrier("memory.barrier.timeout", { name }, null);
    case Broken.reset:
      return new BrokenBarrier("memory.barrier.reset", { name }, null);
    default:
      return new BrokenBarrier("memory.barrier.died", { name, pid: why }, why);
  }
}

defineHandle("barrier", (place) => new Barrier(place));
