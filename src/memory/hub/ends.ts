/**
 * Who has the ends of pipes. When nobody has one any more, and none is on its way to anybody, nothing more comes from it and
 * nobody takes what is sent to it: both queues between the two ends are closed.
 */
import { CellKind, EndCell } from "../cells.ts";
import { ensure, type HubContext, type Peer } from "./peers.ts";
import type { Queues } from "./queues.ts";

interface End {
  readonly holders: Set<Peer>;
  /** How many are on their way. It may be below 0 for a moment: the arrival of one can be heard of before its departure. */
  flying: number;
  /** The processes that have had it. */
  readonly pids: Set<number>;
}

export class Ends {
  readonly #all = new Map<number, End>();

  constructor(
    readonly hub: HubContext,
    readonly queues: Queues,
  ) {}

  open(id: number, peer: Peer, wasGiven: boolean): void {
    const end = this.#end(id);
    end.holders.add(peer);
    end.pids.add(peer.pid);
    if (wasGiven) end.flying--;
  }

  sent(id: number, peer: Peer, isLent: boolean): void {
    const end = this.#end(id);
    end.flying++;
    if (isLent) end.holders.delete(peer);
  }

  close(id: number, peer: Peer): void {
    const end = this.#end(id);
    end.holders.delete(peer);
    this.#look(id, end);
  }

  /** A process that was given one has ended. If it never had it, it will not come. */
  lost(id: number, pid: number): void {
    const end = this.#end(id);
    if (end.pids.has(pid)) return;
    end.flying--;
    this.#look(id, end);
  }

  /** A process has ended. */
  ended(peer: Peer): void {
    for (const [id, end] of this.#all) if (end.holders.delete(peer)) this.#look(id, end);
  }

  #end(id: number): End {
    return ensure(this.#all, id, () => ({ holders: new Set<Peer>(), flying: 0, pids: new Set<number>() }));
  }

  #look(id: number, end: End): void {
    if (end.holders.size > 0 || end.flying > 0) return;
    this.#all.delete(id);
    if (this.hub.arena.kindOf(id) !== CellKind.end) return;
    const { page, at } = this.hub.arena.cell(id);
    for (const word of [EndCell.sends, EndCell.receives]) {
      const queue = Atomics.load(page.words, at + word);
      if (queue !== 0) this.queues.close(queue);
    }
  }
}
