/** Numbers that processes share, in memory of their own, with a lock. */
import { LanesError } from "../errors.ts";
import { CellKind } from "./cells.ts";
import { defineHandle, Handle, ObjectPlace } from "./handle.ts";
import { addTo, bytesOf, type Element, type NumberKind, type NumberKinds, numbersIn } from "./numbers.ts";
import { Lock, type NameOptions } from "./primitives/lock.ts";
import { ownShared } from "./shared.ts";

/** The most bytes that one typed array has in Bun. */
const MOST_BYTES = 2 ** 32;

export class SharedArray<K extends NumberKind = NumberKind> extends Handle {
  readonly #place: ObjectPlace;
  readonly #kind: K;
  readonly #data: NumberKinds[K];
  #lock: Lock | undefined;

  /**
   * @param lengthOrValues how many zeros, or the numbers themselves.
   * @throws LanesError `memory.argument`; `memory.full` if there is no room for it; `memory.folder`, `memory.many`.
   */
  constructor(kind: K | ObjectPlace, lengthOrValues: number | Iterable<Element<K>> = 0, options: NameOptions = {}) {
    const values = typeof lengthOrValues === "number" ? undefined : [...lengthOrValues];
    const length = values?.length ?? (lengthOrValues as number);
    const place = kind instanceof ObjectPlace ? kind : make(kind, length, options.name);
    super("array", place);
    this.#place = place;
    this.#kind = String(place.more.kind) as K;
    const memory = place.shared.mapMemory(String(place.more.memory));
    this.#data = numbersIn(this.#kind, memory, Number(place.more.length));
    if (values !== undefined) for (const [n, value] of values.entries()) this.#data[n] = value as never;
  }

  /** The numbers: what is stored here, all processes see. `data[0] += 1` are two steps: `add(0, 1)` is one. */
  get data(): NumberKinds[K] {
    return this.#data;
  }

  get length(): number {
    return this.#data.length;
  }

  /** Adds to one of them in one step. @returns what it was before. @throws RangeError if there is none of that index. */
  add(index: number, n: Element<K>): Element<K> {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) throw new RangeError(`no index: ${index}`);
    return addTo(this.#kind, this.#data, index, n);
  }

  /** For several steps that have to be one: nothing here takes it by itself. */
  get lock(): Lock {
    this.#lock ??= new Lock(this.#place.sibling(this.#place.id, this.#place.name));
    return this.#lock;
  }

  /** The numbers, each as it is now. */
  [Symbol.iterator](): IterableIterator<Element<K>> {
    return this.#data[Symbol.iterator]() as unknown as IterableIterator<Element<K>>;
  }

  protected override state(): string {
    return `${this.length} of ${this.#kind}`;
  }
}

function make(kind: NumberKind, length: number, name: string | undefined): ObjectPlace {
  const bytes = bytesOf(kind, "SharedArray(kind)") * length;
  if (!Number.isInteger(length) || length < 0 || bytes > MOST_BYTES)
    throw new LanesError("memory.argument", {
      what: "SharedArray(kind, length)",
      wanted: `0 … ${MOST_BYTES / bytesOf(kind, "")}`,
      value: String(length),
    });
  const memory = ownShared().makeMemory(bytes);
  return ObjectPlace.make(CellKind.lock, { title: "SharedArray", name, more: { kind, length, memory } });
}

defineHandle("array", (place) => new SharedArray(place));
