/** A running median in bounded memory: of what jobs took, for `--timeout N%` and for saying how long the rest will take. */

/** Values kept; from then on each new one replaces a random one, so that all were equally likely to stay. */
const KEPT = 1001;

export class RunningMedian {
  readonly #sorted: number[] = [];
  #seen = 0;

  add(value: number): void {
    this.#seen += 1;
    if (this.#sorted.length >= KEPT) {
      if (Math.random() * this.#seen >= KEPT) return;
      this.#sorted.splice(Math.floor(Math.random() * KEPT), 1);
    }
    this.#sorted.splice(this.#position(value), 0, value);
  }

  /** How many values it has seen. */
  get count(): number {
    return this.#seen;
  }

  /** Undefined before the first value. */
  get value(): number | undefined {
    return this.#sorted[this.#sorted.length >> 1];
  }

  #position(value: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
