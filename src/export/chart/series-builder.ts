/**
 * A number over time in bounded memory. Of more points than are kept, each piece of time keeps its first, least, greatest
 * and last one: a line drawn through them looks as the whole would.
 */
import type { ChartSeries } from "./chart.ts";

type Point = readonly [ms: number, value: number];

const MOST = 4_000;

export class SeriesBuilder {
  #points: Point[] = [];
  #pieceMs = 0;

  constructor(readonly name: string) {}

  /** The number from `ms` on; times must not go back. */
  add(ms: number, value: number): void {
    this.#points.push([ms, value]);
    if (this.#points.length > MOST) this.#thin(ms);
  }

  #thin(nowMs: number): void {
    // Four points a piece, and half of them free again.
    this.#pieceMs = Math.max(this.#pieceMs * 2, nowMs / (MOST / 8), Number.MIN_VALUE);
    const kept: Point[] = [];
    for (let i = 0; i < this.#points.length; ) {
      const piece = Math.floor(this.#points[i]![0] / this.#pieceMs);
      let end = i;
      while (end < this.#points.length && Math.floor(this.#points[end]![0] / this.#pieceMs) === piece) end++;
      kept.push(...extremes(this.#points.slice(i, end)));
      i = end;
    }
    // All at one moment: the last ones are as good as any.
    this.#points = kept.length > MOST / 2 ? kept.slice(-MOST / 2) : kept;
  }

  build(): ChartSeries {
    return { name: this.name, points: this.#points };
  }
}

/** The first, the least, the greatest and the last, in order, each once. */
function extremes(points: readonly Point[]): Point[] {
  let [least, greatest] = [0, 0];
  for (const [i, [, value]] of points.entries()) {
    if (value < points[least]![1]) least = i;
    if (value > points[greatest]![1]) greatest = i;
  }
  return [...new Set([0, least, greatest, points.length - 1])].sort((a, b) => a - b).map((i) => points[i]!);
}
