/** One number that processes share, with a lock of its own. */
import { CellKind, LockCell } from "./cells.ts";
import { defineHandle, Handle, ObjectPlace } from "./handle.ts";
import { addTo, bytesOf, type Element, type NumberKind, type NumberKinds, numbersIn } from "./numbers.ts";
import { Lock, type NameOptions } from "./primitives/lock.ts";
import type { Words } from "./word.ts";

export class SharedValue<K extends NumberKind = NumberKind> extends Handle {
  readonly #place: ObjectPlace;
  readonly #kind: K;
  #lock: Lock | undefined;
  #words: Words | undefined;
  #numbers: NumberKinds[K] | undefined;

  /** @throws LanesError `memory.argument`, `memory.many`, `memory.full`. */
  constructor(kind: K | ObjectPlace, value?: Element<K>, options: NameOptions = {}) {
    const place = kind instanceof ObjectPlace ? kind : make(kind, options.name);
    super("value", place);
    this.#place = place;
    this.#kind = String(place.more.kind) as K;
    if (value !== undefined) this.value = value;
  }

  /** What it is now. `value += 1` are two steps: `add(1)` is one. */
  get value(): Element<K> {
    return this.#view[0] as Element<K>;
  }

  set value(value: Element<K>) {
    this.#view[0] = value as never;
  }

  /** Adds in one step: what others add meanwhile is not lost. @returns what it was before. */
  add(n: Element<K>): Element<K> {
    return addTo(this.#kind, this.#view, 0, n);
  }

  /** For several steps that have to be one: nothing here takes it by itself. */
  get lock(): Lock {
    this.#lock ??= new Lock(this.#place.sibling(this.#place.id, this.#place.name));
    return this.#lock;
  }

  /** The number where it lies: its page is another one since it was shared. */
  get #view(): NumberKinds[K] {
    const { page, at } = this.#place.cell;
    if (this.#words !== page.words || this.#numbers === undefined) {
      this.#words = page.words;
      this.#numbers = numbersIn(this.#kind, page.words, 1, at * 4 + LockCell.valueByte);
    }
    return this.#numbers;
  }

  protected override state(): string {
    return `${this.#kind} ${this.value}`;
  }
}

function make(kind: NumberKind, name: string | undefined): ObjectPlace {
  bytesOf(kind, "SharedValue(kind)");
  return ObjectPlace.make(CellKind.lock, { title: "SharedValue", name, more: { kind } });
}

defineHandle("value", (place) => new SharedValue(place));
