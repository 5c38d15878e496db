/** Barriers: who takes part, who has come. All of it is here; the cell says how many wait, and whether it is broken. */
import { BarrierCell, Broken } from "../cells.ts";
import { Answer, GaveUp } from "../frames.ts";
import { answer, cancelled, ensure, type HubContext, type Peer, type Waiter, type WaitLine, without } from "./peers.ts";

interface Barrier {
  /** In the order of coming. */
  waiting: Waiter[];
  readonly members: Set<Peer>;
}

export class Barriers implements WaitLine {
  readonly #all = new Map<number, Barrier>();

  constructor(readonly hub: HubContext) {}

  join(id: number, peer: Peer): Barrier {
    const barrier = ensure(this.#all, id, () => ({ waiting: [], members: new Set<Peer>() }));
    barrier.members.add(peer);
    return barrier;
  }

  wait(waiter: Waiter): void {
    waiter.line = this;
    const id = waiter.object;
    const { page, at } = this.hub.arena.cell(id);
    const broken = Atomics.load(page.words, at + BarrierCell.broken);
    if (broken !== 0) {
      answer(waiter, Answer.broken, broken);
      return;
    }
    const barrier = this.join(id, waiter.peer);
    waiter.note = barrier.waiting.length;
    barrier.waiting.push(waiter);
    const all = barrier.waiting;
    const isFull = all.length >= Atomics.load(page.words, at + BarrierCell.parties);
    if (isFull) barrier.waiting = [];
    this.#say(id, barrier);
    if (isFull) for (const one of all) answer(one);
  }

  leave(waiter: Waiter): void {
    const barrier = this.#all.get(waiter.object);
    if (barrier === undefined) return;
    without(barrier.waiting, waiter);
    this.#say(waiter.object, barrier);
  }

  /** One who does not come in the end breaks it for all. */
  giveUp(waiter: Waiter, why: number): void {
    this.leave(waiter);
    cancelled(waiter);
    this.break(waiter.object, why === GaveUp.timeout ? Broken.timeout : Broken.aborted);
  }

  /** Lets go all who wait, with an error; it stays broken until it is reset. */
  break(id: number, why: number): void {
    const barrier = ensure(this.#all, id, () => ({ waiting: [], members: new Set<Peer>() }));
    const { page, at } = this.hub.arena.cell(id);
    Atomics.store(page.words, at + BarrierCell.broken, why === Broken.reset ? 0 : why);
    const all = barrier.waiting;
    barrier.waiting = [];
    this.#say(id, barrier);
    for (const one of all) answer(one, Answer.broken, why);
  }

  /** A process has ended. If it took part, and was not done or was being waited for, the others would wait in vain. */
  ended(peer: Peer, isDead: boolean): void {
    for (const [id, barrier] of this.#all) {
      const came = barrier.waiting.some((waiter) => waiter.peer === peer);
      barrier.waiting = barrier.waiting.filter((waiter) => waiter.peer !== peer);
      const took = barrier.members.delete(peer);
      if (took && (isDead || came)) this.break(id, peer.pid);
    }
  }

  #say(id: number, { waiting }: Barrier): void {
    const { page, at } = this.hub.arena.cell(id);
    Atomics.store(page.words, at + BarrierCell.waiting, waiting.length);
  }
}
