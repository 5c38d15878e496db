/** Chunks that are to be sent again: taken back from a worker, left by one that died, or a failed item's next try. */
import type { Chunk } from "./items/chunk.ts";

export class ChunkQueue {
  /** By their first item: the earliest are waited for most. */
  readonly #chunks: Chunk[] = [];
  #limit = Number.POSITIVE_INFINITY;

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Nothing behind this item is to be sent any more. */
  set limit(item: number) {
    this.#limit = item;
    this.add(this.#chunks.splice(0));
  }

  add(chunks: readonly (Chunk | null)[]): void {
    for (const chunk of chunks) {
      if (chunk === null || chunk.first > this.#limit) continue;
      const at = this.#chunks.findIndex((other) => other.first > chunk.first);
      this.#chunks.splice(at < 0 ? this.#chunks.length : at, 0, chunk);
    }
  }

  /** The next chunk, or as much of it as `most` items; null if there is none. */
  take(most: number): Chunk | null {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return null;
    if (chunk.count <= most) return chunk;
    this.add([chunk.slice(most, chunk.count, chunk.tries)]);
    return chunk.slice(0, most, chunk.tries);
  }
}
