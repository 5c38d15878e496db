/** The hub's side of events: who waits. */
import { EventCell } from "../cells.ts";
import { answer, type Waiter, WaitLines } from "./peers.ts";

export class Events extends WaitLines {
  /** Waits until the event's state is not `waiter.note` any more. */
  wait(waiter: Waiter): void {
    this.stand(waiter);
    this.letGo(waiter.object);
  }

  /** Lets go all who wait for what has happened. */
  letGo(event: number): void {
    const line = this.lines.get(event);
    if (line === undefined) return;
    const { page, at } = this.hub.arena.cell(event);
    // First say that somebody waits, then look: who sets it does it the other way round.
    Atomics.store(page.words, at + EventCell.waiting, 1);
    const state = Atomics.load(page.words, at + EventCell.state);
    const [still, free] = [line.filter(({ note }) => note === state), line.filter(({ note }) => note !== state)];
    if (still.length > 0) this.lines.set(event, still);
    else {
      this.lines.delete(event);
      Atomics.store(page.words, at + EventCell.waiting, 0);
    }
    for (const waiter of free) answer(waiter);
  }

  /** A process that has ended may have set one, and not said so. */
  rescan(): void {
    for (const event of [...this.lines.keys()]) this.letGo(event);
  }
}
