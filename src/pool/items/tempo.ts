/**
 * How many items make a chunk. Aims at a fixed time of work a chunk: long enough for the message to cost nothing beside it,
 * short enough for workers to end together and for results to flow. Starts with single items and grows with what it learns.
 */
import { MAX_CHUNK_ITEMS } from "../control.ts";

/** The time of work a chunk should hold, ms. */
const AIM_MS = 100;
/** What a chunk may hold and bring forth, bytes. */
export const CHUNK_BYTES = 128 * 1024;
const OUTPUT_BYTES = 1024 * 1024;
/** A chunk is at most so many times the one that taught its size: the first items may be unlike the rest. */
const GROWTH = 8;
/** Weight of the newest chunk in the averages. */
const NEWEST = 0.4;

export class Tempo {
  #learned = 1;
  #msPerItem: number | null = null;
  #bytesPerItem = 0;

  /**
   * @param fixed the person's own number (`--chunk N`), or null to find it out.
   * @param aim what a chunk that is not fixed should take, ms, and may hold, items.
   */
  constructor(
    readonly fixed: number | null,
    private readonly aim = { ms: AIM_MS, most: MAX_CHUNK_ITEMS },
  ) {}

  /** Whether a chunk could hold more than it does, if more were known of how long items take. */
  get grows(): boolean {
    if (this.fixed !== null) return false;
    return this.#msPerItem === null || this.#learned * GROWTH < Math.min(this.aim.ms / this.#msPerItem, this.aim.most);
  }

  get size(): number {
    if (this.fixed !== null) return Math.min(this.fixed, MAX_CHUNK_ITEMS);
    if (this.#msPerItem === null) return 1;
    const byTime = this.aim.ms / this.#msPerItem;
    const byOutput = OUTPUT_BYTES / Math.max(1, this.#bytesPerItem);
    return Math.max(1, Math.floor(Math.min(byTime, byOutput, this.#learned * GROWTH, this.aim.most)));
  }

  /** A chunk was finished: so many items took so long and brought forth so much. */
  learn(items: number, ms: number, outputBytes: number): void {
    if (items === 0) return;
    this.#learned = Math.max(this.#learned, items);
    this.#msPerItem = mix(this.#msPerItem, Math.max(ms / items, 1e-6));
    this.#bytesPerItem = mix(this.#bytesPerItem, outputBytes / items);
  }
}

function mix(average: number | null, newest: number): number {
  return average === null ? newest : average * (1 - NEWEST) + newest * NEWEST;
}
