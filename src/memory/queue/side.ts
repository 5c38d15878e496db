/**
 * A side of a queue: those who put, or those who take. One process at a time works on it, without a wait in between, so it has
 * its lock for microseconds; if it is killed meanwhile the hub frees that, and nothing has to be mended (ring.ts).
 */
import { SideCell } from "../cells.ts";
import { Op } from "../frames.ts";
import type { ObjectPlace } from "../handle.ts";
import type { WaitOptions } from "../wait.ts";
import { letGo, tryTake, type Words } from "../word.ts";

/** How often a side that is taken is tried before one waits: whoever works on it is done soon. */
const TRIES = 200;

export class Side {
  constructor(readonly place: ObjectPlace) {}

  /** The count of those who put or take: its value stays true until somebody else changes it. */
  get count(): number {
    return this.place.load(SideCell.count);
  }

  get segment(): number {
    return this.place.load(SideCell.segment);
  }

  set segment(number: number) {
    const { page, at } = this.place.cell;
    Atomics.store(page.words, at + SideCell.segment, number);
  }

  /** Changes the count. @returns false if it was not `from` any more. */
  change(from: number, to: number): boolean {
    const { page, at } = this.place.cell;
    return Atomics.compareExchange(page.words, at + SideCell.count, from, to) === from;
  }

  /** Works on it. @returns false if somebody else does, and for long. */
  tryEnter(): boolean {
    const { shared, cell } = this.place;
    const { peer } = shared;
    if (peer === 0) return false;
    const words: Words = cell.page.words;
    for (let tries = 0; tries < TRIES; tries++) if (tryTake(words, cell.at, peer)) return true;
    return false;
  }

  /** Waits for it, as for a lock. @returns false if it was given up. Rejects with LanesError `memory.ended`, `memory.connect`. */
  async enter(options: WaitOptions): Promise<boolean> {
    const { shared, id } = this.place;
    if (shared.peer === 0) await shared.ready;
    if (this.tryEnter()) return true;
    const { kind } = await shared.connection.ask(Op.lockWait, id, 0, options);
    return kind === "granted";
  }

  leave(): void {
    const { shared, cell, id } = this.place;
    if (letGo(cell.page.words, cell.at, shared.peer) === "tell") shared.connection.lookAt(Op.lockFreed, id);
  }
}
