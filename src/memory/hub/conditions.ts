/** Conditions: who waits to be notified. All of it is here; the cell only says whether anybody waits. */
import { ConditionCell } from "../cells.ts";
import type { Locks } from "./locks.ts";
import { type HubContext, type Waiter, WaitLines } from "./peers.ts";
import { Woken } from "./woken.ts";

export class Conditions extends WaitLines {
  constructor(
    hub: HubContext,
    readonly locks: Locks,
  ) {
    super(hub);
  }

  /** Waits, and lets go of the lock, in one: nobody can notify in between. */
  wait(waiter: Waiter): void {
    this.#say(waiter.object, this.stand(waiter));
    this.locks.free(this.#lockOf(waiter.object), waiter.peer.id, false);
  }

  override leave(waiter: Waiter): void {
    super.leave(waiter);
    this.#say(waiter.object, this.lines.get(waiter.object)?.length ?? 0);
  }

  override giveUp(waiter: Waiter): void {
    this.leave(waiter);
    this.#wake(waiter, Woken.gaveUp);
  }

  notify(condition: number, most: number): void {
    const line = this.lines.get(condition);
    if (line === undefined) return;
    const woken = line.splice(0, most);
    this.#say(condition, line.length);
    if (line.length === 0) this.lines.delete(condition);
    for (const waiter of woken) this.#wake(waiter, Woken.notified);
  }

  /** It is awake, and waits for the lock. It cannot give up any more, for it has to hold that when it goes on. */
  #wake(waiter: Waiter, note: number): void {
    const condition = waiter.object;
    waiter.note = note;
    waiter.object = this.#lockOf(condition);
    waiter.sinceMs = this.hub.now();
    this.locks.wait(waiter);
    waiter.line = {
      leave: () => {
        this.locks.leave(waiter);
        // It has died of it: somebody else has to see to what was said.
        if (note === Woken.notified) this.notify(condition, 1);
      },
      giveUp: () => {},
    };
  }

  #say(condition: number, waiting: number): void {
    const { page, at } = this.hub.arena.cell(condition);
    Atomics.store(page.words, at + ConditionCell.waiting, waiting);
  }

  #lockOf(condition: number): number {
    const { page, at } = this.hub.arena.cell(condition);
    return Atomics.load(page.words, at + ConditionCell.lock);
  }
}
