/**
 * What is kept of the processes of a trace that have no lane of their own: how many, and how many lived at a time. In bounded
 * memory, however long it takes: when time goes beyond the last piece, two pieces become one.
 */

/** Pieces of time. */
const PIECES = 256;
/** How long a piece is to begin with, ms. */
const FIRST_PIECE_MS = 10;

/** Processes without a lane of their own. */
export interface OtherProcesses {
  readonly count: number;
  readonly failed: number;
  /** How many of them lived in each piece of time, on average, and the processor time they had in it. */
  readonly pieces: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly live: number;
    readonly cpuMs: number;
  }[];
}

/** What of a process is summed up. */
interface Ended {
  readonly startMs: number;
  readonly endMs: number | undefined;
  readonly failed: boolean;
  readonly cpuMs: number;
}

export class OtherSums {
  #count = 0;
  #failed = 0;
  #pieceMs = FIRST_PIECE_MS;
  /** Of each piece: how long processes lived in it, all together, and their processor time, ms. */
  readonly #live = new Float64Array(PIECES);
  readonly #cpu = new Float64Array(PIECES);

  add({ startMs, endMs = startMs, failed, cpuMs }: Ended): void {
    this.#count++;
    if (failed) this.#failed++;
    const to = Math.max(endMs, startMs + 1e-3);
    while (to >= this.#pieceMs * PIECES) this.#coarsen();
    const pieceMs = this.#pieceMs;
    for (let at = Math.floor(startMs / pieceMs); at * pieceMs < to; at++) {
      const overlap = Math.min(to, (at + 1) * pieceMs) - Math.max(startMs, at * pieceMs);
      this.#live[at] = (this.#live[at] ?? 0) + overlap;
      this.#cpu[at] = (this.#cpu[at] ?? 0) + (cpuMs * overlap) / (to - startMs);
    }
  }

  /** What it comes to; pieces of time in which none lived are left out. */
  get sums(): OtherProcesses {
    const pieceMs = this.#pieceMs;
    const pieces = Array.from(this.#live, (lived, at) => ({
      fromMs: at * pieceMs,
      toMs: (at + 1) * pieceMs,
      live: lived / pieceMs,
      cpuMs: this.#cpu[at] ?? 0,
    }));
    return { count: this.#count, failed: this.#failed, pieces: pieces.filter((piece) => piece.live > 0) };
  }

  #coarsen(): void {
    for (const sums of [this.#live, this.#cpu]) {
      for (let at = 0; at < PIECES; at++)
        sums[at] = at < PIECES / 2 ? (sums[2 * at] ?? 0) + (sums[2 * at + 1] ?? 0) : 0;
    }
    this.#pieceMs *= 2;
  }
}
