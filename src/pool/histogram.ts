/** Times of very many items in little space: counts in buckets 9 % wide, from 10 ns to a month. */

const PER_OCTAVE = 8;
const SMALLEST_MS = 1e-5;

/** Buckets with their counts: what a worker sends of a chunk. */
export type Counts = [bucket: number, count: number][];

export class Histogram {
  readonly #counts = new Map<number, number>();
  total = 0;

  /** `count` items took `ms` each. */
  add(ms: number, count = 1): void {
    this.#add(Math.max(0, Math.floor(Math.log2(ms / SMALLEST_MS) * PER_OCTAVE)), count);
  }

  merge(counts: Counts): void {
    for (const [bucket, count] of counts) this.#add(bucket, count);
  }

  /** The counts so far; it is empty afterwards. */
  drain(): Counts {
    const counts = [...this.#counts];
    this.#counts.clear();
    this.total = 0;
    return counts;
  }

  /** The time that this share (0 to 1) of the items did not exceed, ms; null of nothing. */
  quantile(share: number): number | null {
    if (this.total === 0) return null;
    let left = Math.ceil(share * this.total);
    for (const [bucket, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return SMALLEST_MS * 2 ** ((bucket + 0.5) / PER_OCTAVE);
    }
    return null;
  }

  #add(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.total += count;
  }
}
