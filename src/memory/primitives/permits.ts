/**
 * The permits of a semaphore: one word each, 0 free, n held by peer n, in a chain of cells. So to take or give back a permit is
 * one compare-and-exchange of one word, and after any death it is known whose they were.
 *
 * Whoever releases without holding a permit (as one does who signals with a semaphore: one process releases, another acquires)
 * gives back one that somebody else holds; where nobody holds any, there is one permit more. In any case one more is free.
 */
import type { Arena, Cell } from "../arena.ts";
import { ABSENT, CellKind, PermitsCell, SemaphoreCell } from "../cells.ts";
import type { Words } from "../word.ts";

/** Makes cells for permits. @returns the id of the first one. */
export function makePermits(arena: Arena, free: number): number {
  let next = 0;
  // From the end, so that each is whole before it is named.
  const cells = Math.max(1, Math.ceil(free / PermitsCell.count));
  for (let cell = cells - 1; cell >= 0; cell--) {
    const words: Record<number, number> = { [PermitsCell.next]: next };
    for (let n = 0; n < PermitsCell.count; n++) words[n] = cell * PermitsCell.count + n < free ? 0 : ABSENT;
    next = arena.make(CellKind.permits, words);
  }
  return next;
}

export class Permits {
  /** The cells known so far: a chain only gets longer. */
  readonly #chain: Cell[] = [];
  readonly #semaphore: Cell;

  constructor(
    readonly arena: Arena,
    readonly semaphore: number,
  ) {
    this.#semaphore = arena.cell(semaphore);
  }

  /** 0: nobody waits; see cells.ts. */
  get waiting(): number {
    return Atomics.load(this.#semaphore.page.words, this.#semaphore.at + SemaphoreCell.waiting);
  }

  set waiting(state: number) {
    Atomics.store(this.#semaphore.page.words, this.#semaphore.at + SemaphoreCell.waiting, state);
  }

  /** How many are free now. */
  get free(): number {
    let free = 0;
    this.#some((word) => {
      free += word === 0 ? 1 : 0;
      return false;
    });
    return free;
  }

  /** Takes a free one for `peer`. */
  take(peer: number): boolean {
    for (let n = 0, cell = this.#cell(0); cell !== undefined; cell = this.#cell(++n)) {
      const { words } = cell.page;
      for (let at = cell.at; at < cell.at + PermitsCell.count; at++)
        if (Atomics.load(words, at) === 0 && Atomics.compareExchange(words, at, 0, peer) === 0) return true;
    }
    return false;
  }

  /** Gives one back. @returns false if there would be more than there may be. */
  giveBack(peer: number): boolean {
    const letGo = (whose: (word: number) => boolean) =>
      this.#some((word, words, at) => word > 0 && whose(word) && Atomics.compareExchange(words, at, word, 0) === word);
    if (letGo((word) => word === peer)) return true;
    const { page, at } = this.#semaphore;
    const isBounded = Atomics.load(page.words, at + SemaphoreCell.bound) > 0;
    if (letGo(() => true)) return true;
    return !isBounded && this.#add();
  }

  /** Gives back all that `peer` holds. @returns whether there were any. */
  giveBackAll(peer: number): boolean {
    let any = false;
    this.#some((word, words, at) => {
      if (word === peer && Atomics.compareExchange(words, at, peer, 0) === peer) any = true;
      return false;
    });
    return any;
  }

  /** One permit more, which is free. */
  #add(): boolean {
    const add = () =>
      this.#some((word, words, at) => word === ABSENT && Atomics.compareExchange(words, at, ABSENT, 0) === ABSENT);
    while (!add()) {
      const { page, at } = this.#chain.at(-1)!;
      const more = makePermits(this.arena, 0);
      Atomics.compareExchange(page.words, at + PermitsCell.next, 0, more);
    }
    return true;
  }

  /** Whether it is true of one of the words. */
  #some(test: (word: number, words: Words, at: number) => boolean): boolean {
    for (let n = 0, cell = this.#cell(0); cell !== undefined; cell = this.#cell(++n)) {
      const { words } = cell.page;
      for (let at = cell.at; at < cell.at + PermitsCell.count; at++)
        if (test(Atomics.load(words, at), words, at)) return true;
    }
    return false;
  }

  /** The cell number `n` of the chain, if it is that long. */
  #cell(n: number): Cell | undefined {
    const known = this.#chain[n];
    if (known !== undefined) return known;
    const [before, word] = n === 0 ? [this.#semaphore, SemaphoreCell.permits] : [this.#chain[n - 1]!, PermitsCell.next];
    const id = Atomics.load(before.page.words, before.at + word);
    if (id === 0) return undefined;
    const cell = this.arena.cell(id);
    this.#chain[n] = cell;
    return cell;
  }
}
