/**
 * The hub's side of queues: who waits for an item, for room, for all to be done. It wakes as many as there is something for; they
 * try again, and come back if somebody was faster. Putting and taking themselves: queue/ring.ts.
 */
import { CellKind, QueueCell, SideCell } from "../cells.ts";
import { between, CLOSED, isClosed } from "../queue/count.ts";
import { answer, type HubContext, type Waiter, WaitLines } from "./peers.ts";

/** A queue's words, as they are now. */
interface Counts {
  readonly puts: number;
  readonly gets: number;
  readonly done: number;
  readonly most: number;
}

class QueueLine extends WaitLines {
  constructor(
    hub: HubContext,
    /** The word that says whether anybody stands in this line. */
    readonly waiting: number,
    /** How many of those in line there is something for. */
    readonly served: (counts: Counts) => number,
  ) {
    super(hub);
  }

  wait(waiter: Waiter): void {
    this.stand(waiter);
    this.letGo(waiter.object);
  }

  /** The line stays, empty as it may be: to let go then says that nobody waits. */
  override leave(waiter: Waiter): void {
    const line = this.lines.get(waiter.object);
    super.leave(waiter);
    if (line?.length === 0) this.#say(waiter.object, 0);
  }

  letGo(queue: number): void {
    const line = this.lines.get(queue);
    if (line === undefined) return;
    // First say that somebody waits, then look: who changes the queue does it the other way round.
    this.#say(queue, 1);
    const woken = line.splice(0, this.served(countsOf(this.hub, queue)));
    if (line.length === 0) {
      this.lines.delete(queue);
      this.#say(queue, 0);
    }
    for (const waiter of woken) answer(waiter);
  }

  /** A process that has ended may have changed one, and not said so; or it was woken for something, and did not take it. */
  rescan(): void {
    for (const queue of [...this.lines.keys()]) this.letGo(queue);
  }

  #say(queue: number, waiting: number): void {
    const { page, at } = this.hub.arena.cell(queue);
    Atomics.store(page.words, at + this.waiting, waiting);
  }
}

/** As many as there may ever be in a line. */
const ALL = Number.POSITIVE_INFINITY;

export class Queues {
  readonly getters: QueueLine;
  readonly putters: QueueLine;
  readonly joiners: QueueLine;

  constructor(readonly hub: HubContext) {
    const items = ({ puts, gets }: Counts) => between(gets, puts);
    this.getters = new QueueLine(hub, QueueCell.getWaiting, (now) => (isClosed(now.puts) ? ALL : items(now)));
    this.putters = new QueueLine(hub, QueueCell.putWaiting, (now) =>
      isClosed(now.puts) || now.most === 0 ? ALL : Math.max(0, now.most - items(now)),
    );
    this.joiners = new QueueLine(hub, QueueCell.joinWaiting, ({ puts, done }) => (between(done, puts) === 0 ? ALL : 0));
  }

  changed(queue: number): void {
    for (const line of [this.getters, this.putters, this.joiners]) line.letGo(queue);
  }

  rescan(): void {
    for (const line of [this.getters, this.putters, this.joiners]) line.rescan();
  }

  /** Nobody puts into it any more. */
  close(queue: number): void {
    const { arena } = this.hub;
    if (arena.kindOf(queue) !== CellKind.queue) return;
    const cell = arena.cell(queue);
    const { page, at } = arena.cell(Atomics.load(cell.page.words, cell.at + QueueCell.put));
    Atomics.or(page.words, at + SideCell.count, CLOSED);
    this.changed(queue);
  }
}

function countsOf({ arena }: HubContext, queue: number): Counts {
  const { page, at } = arena.cell(queue);
  const word = (n: number) => Atomics.load(page.words, at + n);
  const count = (side: number) => {
    const cell = arena.cell(word(side));
    return Atomics.load(cell.page.words, cell.at + SideCell.count);
  };
  const gets = count(QueueCell.get);
  return { gets, puts: count(QueueCell.put), done: word(QueueCell.done), most: word(QueueCell.most) };
}
