/** The hub's side of semaphores: who waits for a permit. Taking and giving back: permits.ts. */
import { SemaphoreCell } from "../cells.ts";
import { Permits } from "../primitives/permits.ts";
import { STARVATION_MS } from "../word.ts";
import { answer, ensure, type Waiter, WaitLines, without } from "./peers.ts";

export class Semaphores extends WaitLines {
  readonly #permits = new Map<number, Permits>();

  wait(waiter: Waiter): void {
    this.stand(waiter);
    this.handOut(waiter.object);
  }

  /** The line stays, empty as it may be: handing out then says that nobody waits. */
  override leave(waiter: Waiter): void {
    without(this.lines.get(waiter.object) ?? [], waiter);
    this.handOut(waiter.object);
  }

  /** Gives what is free to those who wait. */
  handOut(semaphore: number): void {
    const line = this.lines.get(semaphore);
    if (line === undefined) return;
    const permits = ensure(this.#permits, semaphore, () => new Permits(this.hub.arena, semaphore));
    if (line[0] !== undefined) {
      // First say that somebody waits, then look: who releases does it the other way round.
      const state = this.hub.now() - line[0].sinceMs > STARVATION_MS ? 2 : 1;
      if (permits.waiting !== state) permits.waiting = state;
    }
    for (let next = line[0]; next !== undefined && permits.take(next.peer.id); next = line[0]) {
      line.shift();
      answer(next);
    }
    if (line.length > 0) return;
    permits.waiting = 0;
    this.lines.delete(semaphore);
  }

  /**
   * A process has ended. What it held is free; but if it was done, what it has taken of a semaphore without a bound stays taken:
   * that may have been a signal, and no resource.
   */
  rescan(semaphore: number, peer: number, isDead: boolean): void {
    const { page, at } = this.hub.arena.cell(semaphore);
    if (isDead || Atomics.load(page.words, at + SemaphoreCell.bound) > 0)
      new Permits(this.hub.arena, semaphore).giveBackAll(peer);
    this.handOut(semaphore);
  }
}
