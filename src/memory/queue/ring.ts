/**
 * A queue of items, as bytes, between processes. An item is in it, and taken, by ONE store of one word: the count of its side
 * (cells.ts). Before that store it is nothing, after it it is whole; so whoever is killed, at whatever moment, leaves the queue
 * as it was before or after, and there is nothing to count again. scripts/model/ring.ts checks every interleaving.
 *
 *     put    lock │ room? write the bytes and where they end │ count + 1, if it is what it was (else: closed) │ unlock │ waits?
 *     take   lock │ is there one? copy it                     │ count + 1                                      │ unlock │ waits?
 *
 * Where there is no room for the bytes, a larger segment follows: to put never waits for others to take, unless the queue has a
 * most number of items. Those who take follow into it once they have taken all before its first item, and remove the one they
 * leave. A segment is there before the word that names it, and is removed after the word that names the next one.
 */
import { LanesError } from "../../errors.ts";
import { CellKind, QueueCell } from "../cells.ts";
import { Op } from "../frames.ts";
import { ObjectPlace } from "../handle.ts";
import { ownShared } from "../shared.ts";
import { after, between, CLOSED, isClosed } from "./count.ts";
import { type EncodedItem, QueueSegment, roomOf } from "./segment.ts";
import { Side } from "./side.ts";

/**
 * The first segment's ring; each that follows is as large as the item needs, and four times the one before up to the most. One of
 * that size is waited for a moment before another one follows: those who take may just be at it.
 */
const FIRST_BYTES = 32 * 1024;
const GROWTH = 4;
const MOST_BYTES = 4 * 1024 * 1024;
/** The largest item: a file of memory is read and written in one piece. */
const MOST_ITEM_BYTES = 2 ** 31 - 2 ** 24;

/** What came of an attempt. `busy`: others are at it; `crowded`: there is room for the item, but not for its bytes. */
type Put = "put" | "full" | "busy" | "closed" | "crowded";
type Got = EncodedItem | "empty" | "busy" | "closed";

/** Makes the cells of a queue. @returns the first one's id, and what has to be known of it besides. */
export function makeQueuePlace(title: string, most: number, name: string | undefined): ObjectPlace {
  const { arena } = ownShared();
  const [put, get] = [arena.make(CellKind.lock), arena.make(CellKind.lock)];
  const words = { [QueueCell.most]: most, [QueueCell.put]: put, [QueueCell.get]: get };
  return ObjectPlace.make(CellKind.queue, { words, title, name });
}

export class Ring {
  readonly puts: Side;
  readonly gets: Side;
  /** How many items there may be in it; 0: any number. */
  readonly most: number;
  readonly #segments = new Map<number, QueueSegment>();

  constructor(readonly place: ObjectPlace) {
    this.puts = new Side(place.sibling(place.load(QueueCell.put), place.name));
    this.gets = new Side(place.sibling(place.load(QueueCell.get), place.name));
    this.most = place.load(QueueCell.most);
  }

  get size(): number {
    return between(this.gets.count, this.puts.count);
  }

  get isClosed(): boolean {
    return isClosed(this.puts.count);
  }

  /** How many items were put and are not {@link finish}ed. */
  get unfinished(): number {
    return between(this.place.load(QueueCell.done), this.puts.count);
  }

  /** One item is done. @returns false if none is unfinished. */
  finish(): boolean {
    const { page, at } = this.place.cell;
    for (;;) {
      const done = this.place.load(QueueCell.done);
      if (between(done, this.puts.count) === 0) return false;
      if (Atomics.compareExchange(page.words, at + QueueCell.done, done, after(done)) !== done) continue;
      if (this.unfinished === 0) this.#tell(QueueCell.joinWaiting);
      return true;
    }
  }

  /** Nobody puts any more. @returns false if it was closed. */
  close(): boolean {
    for (;;) {
      const { count } = this.puts;
      if (isClosed(count)) return false;
      if (!this.puts.change(count, count | CLOSED)) continue;
      this.#tell(QueueCell.getWaiting);
      this.#tell(QueueCell.putWaiting);
      return true;
    }
  }

  /**
   * Puts an item, if that can be done at once.
   * @param grows false: where a large segment is full it is not made larger, but `crowded`.
   * @throws LanesError `memory.full`, `memory.large`: it was not put.
   */
  tryPut(item: EncodedItem, grows: boolean): Put {
    // Nobody waits for a side that would be left at once.
    if (this.isClosed) return "closed";
    if (this.most > 0 && this.size >= this.most) return "full";
    return this.puts.tryEnter() ? this.putInside(item, grows) : "busy";
  }

  /** The same of one who has entered the side of those who put; leaves it. */
  putInside(item: EncodedItem, grows: boolean): Exclude<Put, "busy"> {
    try {
      const puts = this.puts.count;
      const gets = this.gets.count;
      if (isClosed(puts)) return "closed";
      if (this.most > 0 && between(gets, puts) >= this.most) return "full";
      const segment = this.#roomFor(roomOf(item), puts, gets, grows);
      if (segment === null) return "crowded";
      segment.write(puts, item);
      if (!this.puts.change(puts, after(puts))) return "closed"; // nothing else changes it meanwhile
    } finally {
      this.puts.leave();
    }
    this.#tell(QueueCell.getWaiting);
    return "put";
  }

  /** Takes an item, if that can be done at once. @throws LanesError `memory.ended`: none was taken. */
  tryGet(): Got {
    const none = this.#none();
    if (none !== null) return none;
    return this.gets.tryEnter() ? this.getInside() : "busy";
  }

  /** The same of one who has entered the side of those who take; leaves it. */
  getInside(): Exclude<Got, "busy"> {
    let item: EncodedItem;
    try {
      const none = this.#none();
      if (none !== null) return none;
      const gets = this.gets.count;
      item = this.#segmentOf(gets).read(gets);
      this.gets.change(gets, after(gets));
    } finally {
      this.gets.leave();
    }
    this.#tell(QueueCell.putWaiting);
    return item;
  }

  /** Somebody who was woken for an item has not taken it: it may be for the next one. */
  passOn(): void {
    this.#tell(QueueCell.getWaiting);
  }

  #none(): "empty" | "closed" | null {
    const puts = this.puts.count;
    if (between(this.gets.count, puts) > 0) return null;
    return isClosed(puts) ? "closed" : "empty";
  }

  /** Tells the hub, if somebody waits for what has just been stored. */
  #tell(waiting: number): void {
    const { place } = this;
    if (place.load(waiting) !== 0) place.shared.connection.lookAt(Op.queueChanged, place.id);
  }

  /** A segment with room for the next item, a new one if need be. Null: see `grows`. */
  #roomFor(length: number, puts: number, gets: number, grows: boolean): QueueSegment | null {
    const { name, shared, id } = this.place;
    if (length > MOST_ITEM_BYTES) throw new LanesError("memory.large", { name, bytes: length, most: MOST_ITEM_BYTES });
    const number = this.puts.segment;
    const segment = number === 0 ? null : this.#segment(number);
    if (segment?.hasRoom(puts, gets, length)) {
      // One that was made for an item of unusual size is left when it is empty.
      if (segment.size <= MOST_BYTES || length >= MOST_BYTES || !segment.isEmpty(puts, gets)) return segment;
    } else if (segment !== null && segment.size >= MOST_BYTES && !grows) return null;
    const wanted = segment === null ? FIRST_BYTES : Math.min(segment.size * GROWTH, MOST_BYTES);
    const next = QueueSegment.make(shared.folder, id, number + 1, puts, Math.max(wanted, length + 1));
    this.#segments.set(next.number, next);
    this.puts.segment = next.number;
    return next;
  }

  /** The segment in which item `gets` is. Those before it are left, and removed. */
  #segmentOf(gets: number): QueueSegment {
    const { shared, id } = this.place;
    let number = this.gets.segment;
    const last = this.puts.segment;
    while (number < last && this.#segment(number + 1).reaches(gets)) {
      this.gets.segment = number + 1;
      // The one before too: whoever was to remove that may have been killed.
      for (const left of [number - 1, number]) {
        this.#segments.delete(left);
        if (left > 0) QueueSegment.remove(shared.folder, id, left);
      }
      number++;
    }
    return this.#segment(number);
  }

  #segment(number: number): QueueSegment {
    let segment = this.#segments.get(number);
    if (segment === undefined) {
      const { shared, id } = this.place;
      segment = QueueSegment.map(shared.folder, id, number);
      // What others have left since is of no use here either.
      const taken = this.gets.segment;
      for (const known of this.#segments.keys()) if (known < taken) this.#segments.delete(known);
      this.#segments.set(number, segment);
    }
    return segment;
  }
}
