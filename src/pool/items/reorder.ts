/**
 * Results on their way out: put in the items' order, and a record of which items are answered for. Pieces of consecutive
 * items come in any order and never overlap; none is passed on twice.
 */

/** Consecutive items, from the first to before the last. */
export type ItemRange = readonly [from: number, to: number];

interface Piece {
  readonly count: number;
  readonly bytes: Uint8Array | null;
  readonly ok: boolean;
}

export class ResultReorder {
  /** All items before this one are answered for (and, in order, printed). */
  next = 0;
  /** Bytes that wait for an earlier item. */
  heldBytes = 0;
  /** No output of this item or a later one is wanted. */
  limit = Number.POSITIVE_INFINITY;
  readonly #held = new Map<number, Piece>();

  constructor(
    readonly ordered: boolean,
    readonly write: (bytes: Uint8Array) => void,
  ) {}

  /** Pieces that wait for an earlier item. */
  get held(): number {
    return this.#held.size;
  }

  /** `count` items from `first` on are answered for, with this output (null: none). */
  add(first: number, count: number, bytes: Uint8Array | null): void {
    const output = bytes !== null && bytes.length > 0 ? bytes : null;
    if (first !== this.next || first >= this.limit) {
      if (output !== null && !this.ordered) this.write(output);
      const kept = this.ordered ? output : null;
      this.#held.set(first, { count, bytes: kept, ok: bytes !== null });
      this.heldBytes += kept?.length ?? 0;
      return;
    }
    if (output !== null) this.write(output);
    this.next += count;
    while (this.next < this.limit) {
      const piece = this.#held.get(this.next);
      if (piece === undefined) return;
      this.#held.delete(this.next);
      this.heldBytes -= piece.bytes?.length ?? 0;
      if (piece.bytes !== null) this.write(piece.bytes);
      this.next += piece.count;
    }
  }

  /** How many results wait that are not wanted, because they are behind {@link limit}. */
  get unwanted(): number {
    if (!this.ordered) return 0;
    return [...this.#held].reduce((sum, [first, { count, ok }]) => sum + (ok && first >= this.limit ? count : 0), 0);
  }

  /** Passes on what waits for items that will not come any more, in order; which items those are, up to `end`. */
  finish(end: number): ItemRange[] {
    const gaps: ItemRange[] = [];
    let at = this.next;
    for (const [first, { count, bytes }] of [...this.#held].sort(([a], [b]) => a - b)) {
      if (first >= this.limit) break;
      if (first > at) gaps.push([at, first]);
      if (bytes !== null) this.write(bytes);
      at = first + count;
    }
    if (end > at) gaps.push([at, end]);
    this.#held.clear();
    this.heldBytes = 0;
    return gaps;
  }
}
