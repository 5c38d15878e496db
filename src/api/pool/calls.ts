/** Calls of a pool that are one promise. */
import type { Asked } from "../asked.ts";
import type { FunctionPlace } from "../place/place.ts";
import type { PoolCall } from "./task.ts";

/** What {@link Gathering} is made of. */
interface GatheringOptions extends Pick<PoolCall, "place" | "isStar" | "hasItems" | "pathOf"> {
  /** How many items. */
  readonly count: number;
  readonly asked: Asked;
  /** Called once, when it has settled with an error: what is not begun of it need not be. */
  over(call: PoolCall): void;
}

/** All results, in the items' order; the first error ends it. */
export class Gathering<R> implements PoolCall {
  readonly place: FunctionPlace;
  readonly isStar: boolean;
  readonly hasItems: boolean;
  readonly goesOn = false;
  isDropped = false;
  readonly pathOf: PoolCall["pathOf"];
  readonly results: Promise<R[]>;
  readonly #options: GatheringOptions;
  readonly #settled = Promise.withResolvers<R[]>();
  readonly #values: R[];
  #missing: number;
  #isSettled = false;

  constructor(options: GatheringOptions) {
    ({ place: this.place, isStar: this.isStar, hasItems: this.hasItems, pathOf: this.pathOf } = options);
    this.#missing = options.count;
    this.#options = options;
    this.results = this.#settled.promise;
    this.#values = new Array(this.#missing);
    if (this.#missing === 0) this.#settled.resolve([]);
  }

  values(first: number, values: readonly unknown[]): void {
    for (let i = 0; i < values.length; i++) this.#values[first + i] = values[i] as R;
    this.#missing -= values.length;
    if (this.#missing > 0 || this.#isSettled) return;
    this.#isSettled = true;
    this.#settled.resolve(this.#values);
  }

  failed(_first: number, _count: number, error: Error): void {
    this.end(this.#options.asked.placed(error));
  }

  /** It ends with this. */
  end(reason: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#settled.reject(reason);
    this.#options.over(this);
  }
}
