/**
 * Handles: objects that stay one thing in all processes. Sent as an argument, in a field, in a queue, a handle is its address;
 * index.ts says how.
 */
import type { Cell } from "./arena.ts";
import type { CellKind } from "./cells.ts";
import { ownShared, type Shared, sharedAt } from "./shared.ts";

/** What a handle is in another process's eyes: plain data. */
export interface HandleAddress {
  /** The class, by the name it was made known under. */
  readonly kind: string;
  /** The folder of its hub. */
  readonly hub: string;
  readonly id: number;
  /** What it is called in events and errors. */
  readonly name: string;
  /** What else its class has to know. */
  readonly more?: Readonly<Record<string, string | number>>;
}

/** Where a shared object is. What makes one has it from {@link ObjectPlace.make}, who is given one from its address. */
export class ObjectPlace {
  readonly cell: Cell;

  private constructor(
    readonly shared: Shared,
    readonly id: number,
    readonly name: string,
    readonly more: Readonly<Record<string, string | number>>,
  ) {
    this.cell = shared.arena.cell(id);
  }

  /** A new object. @throws LanesError `memory.full`, `memory.many`. */
  static make(
    kind: CellKind,
    options: {
      readonly words?: Readonly<Record<number, number>>;
      /** `Lock`: what it is called without a name is `Lock-1`. */
      readonly title: string;
      readonly name?: string | undefined;
      readonly more?: Readonly<Record<string, string | number>>;
      /** Another object of the same hub, if it has to be there. */
      readonly beside?: ObjectPlace;
    },
  ): ObjectPlace {
    const shared = options.beside?.shared ?? ownShared();
    const id = shared.arena.make(kind, options.words);
    const name = options.name ?? `${options.title}-${id}`;
    if (shared === ownShared()) names.set(id, name);
    return new ObjectPlace(shared, id, name, options.more ?? {});
  }

  /** @throws LanesError `memory.ended`. */
  static of({ hub, id, name, more }: HandleAddress): ObjectPlace {
    return new ObjectPlace(sharedAt(hub), id, name, more ?? {});
  }

  /** Another object of the same hub. */
  sibling(id: number, name: string): ObjectPlace {
    return new ObjectPlace(this.shared, id, name, {});
  }

  load(word: number): number {
    return Atomics.load(this.cell.page.words, this.cell.at + word);
  }
}

/** What is called so of this process's own hub, by its cell. */
const names = new Map<number, string>();

/** What an object of this process's own hub is called. */
export const nameOfOwn = (id: number): string => names.get(id) ?? `${id}`;

/** How often a handle was read by something that makes a message of it. */
let sent = 0;

export abstract class Handle {
  /** Its address; see index.ts. */
  declare readonly $lanes: HandleAddress;
  readonly #place: ObjectPlace;

  /** @param whenSent is called each time it is sent somewhere; it may throw. */
  constructor(kind: string, place: ObjectPlace, whenSent?: () => void) {
    this.#place = place;
    const { id, name, more } = place;
    // An own, enumerable getter: structured clone reads it, and takes nothing else of the object with it.
    Object.defineProperty(this, "$lanes", {
      enumerable: true,
      get(): HandleAddress {
        whenSent?.();
        sent += 1;
        return { kind, hub: place.shared.folder, id, name, more };
      },
    });
  }

  /** What it is called in events and errors. */
  get name(): string {
    return this.#place.name;
  }

  /** What it is doing now, in a few words: `held`, `2 free`. */
  protected abstract state(): string;

  /** How it is shown: reading `$lanes` to show it would start the hub. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const title = this.constructor.name;
    const { name } = this;
    return `<${name.startsWith(`${title}-`) ? name : `${title} ${name}`}: ${this.state()}>`;
  }
}

/** Makes a message, and says whether there is a handle in it, so that the receiver has to {@link revive} it. */
export function sending<T>(encode: () => T): { readonly encoded: T; readonly handles: boolean } {
  const before = sent;
  const encoded = encode();
  return { encoded, handles: sent !== before };
}

type Revive = (place: ObjectPlace) => Handle;
const kinds = new Map<string, Revive>();

/** Makes a class of handles known; the name goes with the address. */
export function defineHandle(kind: string, revive: Revive): void {
  kinds.set(kind, revive);
}

/**
 * A message that has come, with handles where there were addresses. Resolves when they can be used: this process is known to
 * their hubs. The value is changed in place.
 * Rejects with LanesError `memory.ended`, `memory.connect` if a hub is not there any more, or does not answer.
 */
export async function revive(value: unknown): Promise<unknown> {
  const reviver = new Reviver();
  const revived = reviver.revive(value);
  for (const shared of reviver.shared) await shared.ready;
  return revived;
}

class Reviver {
  readonly shared = new Set<Shared>();
  readonly #seen = new Map<object, unknown>();

  revive(value: unknown): unknown {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (this.#seen.has(value)) return this.#seen.get(value);
    const handle = this.#handleOf((value as { $lanes?: unknown }).$lanes);
    this.#seen.set(value, handle ?? value);
    if (handle !== undefined) return handle;
    if (value instanceof Map) this.#reviveMap(value);
    else if (value instanceof Set) this.#reviveSet(value);
    else
      for (const [key, inner] of Object.entries(value)) {
        const revived = this.revive(inner);
        if (revived !== inner) (value as Record<string, unknown>)[key] = revived;
      }
    return value;
  }

  #handleOf(address: unknown): Handle | undefined {
    if (typeof address !== "object" || address === null) return undefined;
    const make = kinds.get(String((address as HandleAddress).kind));
    if (make === undefined) return undefined;
    const place = ObjectPlace.of(address as HandleAddress);
    this.shared.add(place.shared);
    return make(place);
  }

  // In the order they had.
  #reviveMap(map: Map<unknown, unknown>): void {
    const entries = [...map].map(([key, inner]) => [this.revive(key), this.revive(inner)] as const);
    map.clear();
    for (const [key, inner] of entries) map.set(key, inner);
  }

  #reviveSet(set: Set<unknown>): void {
    const values = [...set].map((inner) => this.revive(inner));
    set.clear();
    for (const inner of values) set.add(inner);
  }
}
