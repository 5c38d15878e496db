/** The hub's side of locks: who waits, and handing over. The other side, and the word between them: word.ts. */
import { LockCell } from "../cells.ts";
import { FAIR, FREED, holderOf, KEPT, MORE, STARVATION_MS } from "../word.ts";
import { answer, type Waiter, WaitLines } from "./peers.ts";

export class Locks extends WaitLines {
  /** It has the lock when it is its turn. */
  wait(waiter: Waiter): void {
    this.stand(waiter);
    this.handOver(waiter.object);
  }

  /** If the lock is free the first who waits has it; if it is not, whoever has it will tell. */
  handOver(lock: number): void {
    const { page, at } = this.hub.arena.cell(lock);
    const { words } = page;
    const line = this.lines.get(lock) ?? [];
    for (;;) {
      const word = Atomics.load(words, at + LockCell.word);
      const next = line[0];
      if (word !== 0 && word !== FREED && word !== KEPT) {
        if (next === undefined) return;
        // Somebody was faster: it has to know that somebody waits, and that may happen to nobody for long.
        const isLong = this.hub.now() - next.sinceMs > STARVATION_MS;
        const marked = word | MORE | (isLong ? FAIR : 0);
        if (marked === word || Atomics.compareExchange(words, at, word, marked) === word) return;
      } else if (next === undefined) {
        if (word === 0 || Atomics.compareExchange(words, at, word, 0) === word) return;
      } else {
        const held = next.peer.id | (line.length > 1 ? MORE : 0);
        if (Atomics.compareExchange(words, at, word, held) !== word) continue;
        line.shift();
        if (line.length === 0) this.lines.delete(lock);
        answer(next);
        return;
      }
    }
  }

  /** Who has waited for longer than so many ms, and which peer has what it waits for. */
  waitedFor(ms: number): { readonly waiter: Waiter; readonly holder: number }[] {
    const { arena } = this.hub;
    const since = this.hub.now() - ms;
    return [...this.lines].flatMap(([lock, line]) => {
      const { page, at } = arena.cell(lock);
      const holder = holderOf(Atomics.load(page.words, at + LockCell.word));
      const long = line.filter(({ sinceMs }) => sinceMs <= since);
      return holder === 0 ? [] : long.map((waiter) => ({ waiter, holder }));
    });
  }

  /** Whether anybody waits. */
  get isWaited(): boolean {
    return this.lines.size > 0;
  }

  /** Lets go for a peer that is dead, or has asked for it. What the next one finds may be half done if it is dead. */
  free(lock: number, peer: number, isDead: boolean): void {
    const { page, at } = this.hub.arena.cell(lock);
    if (holderOf(Atomics.load(page.words, at)) !== peer) return;
    if (isDead) Atomics.store(page.words, at + LockCell.recovered, 1);
    // Nobody but the hub changes a word that is held by somebody who does nothing any more.
    Atomics.store(page.words, at, FREED);
    this.handOver(lock);
  }

  /** Looks at a lock again, because a process that has ended may not have told what it did. */
  rescan(lock: number, dead: number): void {
    this.free(lock, dead, true);
    const { page, at } = this.hub.arena.cell(lock);
    const word = Atomics.load(page.words, at);
    if (word === FREED || word === KEPT) this.handOver(lock);
  }
}
