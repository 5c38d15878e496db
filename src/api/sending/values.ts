/**
 * Values on their way between processes: structured clone, and what it does not do by itself. A value is looked through once;
 * only where there is something in it that travels in another form is a copy made, and only then does the receiver look.
 *
 * Always true: what arrives is equal to what was sent, cycles and shared parts included, or the sender has got an error that
 * names the place.
 */
import { deserialize, serialize } from "bun:jsc";
import type { EncodedItem } from "../../memory/index.ts";
import { userFrames } from "../../thrown.ts";
import { NotSendable } from "../errors.ts";
import { reviveHandle } from "./handles.ts";
import { ADDRESS, checkPrimitive, handleAddressOf, type Travel, travelOf } from "./sendable.ts";

/** A part that travels in another form, as the receiver finds it. */
type Packed =
  | { readonly as: "handle"; readonly address: unknown }
  | { readonly as: "buffer"; readonly bytes: Uint8Array }
  | { readonly as: "error"; readonly name: string; readonly parts: Readonly<Record<string, unknown>> }
  /** Somebody's own object that looks like one of these. */
  | { readonly as: "object"; readonly entries: Readonly<Record<string, unknown>> };

/** The bytes of a value. @param path what a person calls it: `args`. @throws NotSendable. */
export function encode(value: unknown, path: string): Uint8Array {
  return bytesOf(value, new Looking().special(value, path), path);
}

function bytesOf(value: unknown, special: boolean, path: string): Uint8Array {
  try {
    return serialize([special, special ? new Packing().pack(value) : value], { binaryType: "nodebuffer" }) as Buffer;
  } catch (error) {
    throw new NotSendable(
      "api.send.other",
      { path, reason: String((error as Error)?.message ?? error) },
      { cause: error },
    );
  }
}

/** How the bytes of an item of a queue are to be read. */
const Form = { value: 0, bytes: 1, buffer: 2 } as const;

/** An item of a queue, of a value. Bytes go as they are, and nothing of what else lies in their memory. @throws NotSendable. */
export function itemOf(value: unknown, path: string): EncodedItem {
  if (!(value instanceof Uint8Array)) return { bytes: encode(value, path), form: Form.value };
  return { bytes: value, form: travelOf(value, path) === "buffer" ? Form.buffer : Form.bytes };
}

/** Its value: at once, or where there is a handle in it as soon as that can be used. */
export function valueIn({ bytes, form }: EncodedItem): unknown | Promise<unknown> {
  if (form === Form.buffer) return bytes;
  if (form === Form.bytes) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return decodeSoon(bytes, (value) => value);
}

/** Its value, at once: a handle in it can do nothing without a wait before it can be used. */
export function valueNow(item: EncodedItem): unknown {
  return item.form === Form.value ? decodeNow(item.bytes) : valueIn(item);
}

/**
 * The bytes of a list that has nothing but its items, as one that was just made has: to look for more would cost most of the time.
 * @param pathOf what a person calls an item: `items[3]`.
 * @throws NotSendable.
 */
export function encodeItems(list: readonly unknown[], pathOf: (index: number) => string): Uint8Array {
  const special = new Looking().items(list, pathOf);
  try {
    return bytesOf(list, special, "");
  } catch (error) {
    for (const [i, item] of list.entries()) encode(item, pathOf(i)); // says which
    throw error;
  }
}

/** The value again. Resolves when every handle in it can be used. */
export async function decode(bytes: Uint8Array): Promise<unknown> {
  return decodeSoon(bytes, (value) => value);
}

/** Passes the value on: at once, or where there is a handle in it as soon as that can be used. */
export function decodeSoon<T>(bytes: Uint8Array, then: (value: unknown) => T): T | Promise<T> {
  const { value, waits } = unpack(bytes);
  return waits.length === 0 ? then(value) : Promise.all(waits).then(() => then(value));
}

/** The value again, at once. */
function decodeNow(bytes: Uint8Array): unknown {
  const { value, waits } = unpack(bytes);
  for (const wait of waits) wait.catch(() => {}); // whoever uses the handle is told
  return value;
}

function unpack(bytes: Uint8Array): { readonly value: unknown; readonly waits: readonly Promise<unknown>[] } {
  const [special, value] = deserialize(bytes as Uint8Array<ArrayBuffer>) as [boolean, unknown];
  if (!special) return { value, waits: [] };
  const unpacking = new Unpacking();
  return { value: unpacking.unpack(value), waits: unpacking.waits };
}

/** Looks whether everything in a value can travel, and whether something needs another form. */
class Looking {
  readonly #seen = new Set<object>();

  special(value: unknown, path: string): boolean {
    if (typeof value !== "object" || value === null) {
      checkPrimitive(value, path);
      return false;
    }
    if (this.#seen.has(value)) return false;
    this.#seen.add(value);
    const travel = travelOf(value, path);
    let special = travel === "handle" || travel === "buffer" || travel === "error" || Object.hasOwn(value, ADDRESS);
    // No short cut: each part has to be looked at.
    for (const [key, part] of partsOf(value, travel))
      if (!isData(part)) special = this.special(part, inside(path, travel, key)) || special;
    return special;
  }

  /** The same of what is in a list. */
  items(list: readonly unknown[], pathOf: (index: number) => string): boolean {
    let special = false;
    for (let i = 0; i < list.length; i++) {
      const part = list[i];
      if (!isData(part)) special = this.special(part, pathOf(i)) || special;
    }
    return special;
  }
}

/** Whether it travels as it is, with nothing to look at: most of most data. */
function isData(value: unknown): boolean {
  const type = typeof value;
  return type === "object" ? value === null : type !== "function" && type !== "symbol";
}

/** What is in a value, with what a person calls it there. */
function* partsOf(value: object, travel: Travel): Generator<[key: unknown, part: unknown]> {
  if (travel === "map") {
    for (const [key, part] of value as Map<unknown, unknown>) {
      yield [key, key];
      yield [key, part];
    }
  } else if (travel === "set") {
    let at = 0;
    for (const part of value as Set<unknown>) yield [at++, part];
  } else if (travel === "list" || travel === "object" || travel === "error") {
    for (const key of travel === "error" ? errorKeys(value) : Object.keys(value))
      yield [key, (value as Record<string, unknown>)[key]];
  }
}

function inside(path: string, travel: Travel, key: unknown): string {
  if (travel === "list" || travel === "set") return `${path}[${String(key)}]`;
  if (travel === "map") return `${path}.get(${typeof key === "object" ? "…" : String(key)})`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(String(key))
    ? `${path}.${key}`
    : `${path}[${JSON.stringify(key)}]`;
}

/** What an error carries besides its name, its message and its stack. */
function errorKeys(error: object): string[] {
  const kept = ["cause", "errors"].filter((key) => Object.hasOwn(error, key));
  const engine = new Set(["name", "message", "stack", "line", "column", "sourceURL", "originalLine", ...kept]);
  return [...kept, ...Object.keys(error).filter((key) => !engine.has(key))];
}

/** Makes the copy that travels. */
class Packing {
  readonly #copies = new Map<object, object>();

  pack(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const made = this.#copies.get(value);
    if (made !== undefined) return made;
    const travel = travelOf(value, "");
    switch (travel) {
      case "plain":
        return value;
      case "handle":
        return this.#keep(value, packed({ as: "handle", address: handleAddressOf(value) }));
      case "buffer": {
        const bytes = value as Buffer;
        return this.#keep(
          value,
          packed({ as: "buffer", bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) }),
        );
      }
      case "error": {
        const { name, message, stack } = value as Error;
        const told = [`${String(name)}: ${String(message)}`, ...userFrames(String(stack))].join("\n");
        const parts: Record<string, unknown> = { message, stack: told };
        const copy = this.#keep(value, packed({ as: "error", name: String(name), parts }));
        for (const key of errorKeys(value)) parts[key] = this.pack((value as unknown as Record<string, unknown>)[key]);
        return copy;
      }
      case "list": {
        const list = this.#keep(value, new Array((value as unknown[]).length)) as Record<string, unknown>;
        for (const key of Object.keys(value)) list[key] = this.pack((value as Record<string, unknown>)[key]);
        return list;
      }
      case "map": {
        const map = this.#keep(value, new Map()) as Map<unknown, unknown>;
        for (const [key, part] of value as Map<unknown, unknown>) map.set(this.pack(key), this.pack(part));
        return map;
      }
      case "set": {
        const set = this.#keep(value, new Set()) as Set<unknown>;
        for (const part of value as Set<unknown>) set.add(this.pack(part));
        return set;
      }
      case "object": {
        const entries: Record<string, unknown> = {};
        const copy = this.#keep(value, Object.hasOwn(value, ADDRESS) ? packed({ as: "object", entries }) : entries);
        for (const key of Object.keys(value)) own(entries, key, this.pack((value as Record<string, unknown>)[key]));
        return copy;
      }
    }
  }

  #keep(value: object, copy: object): object {
    this.#copies.set(value, copy);
    return copy;
  }
}

const packed = (part: Packed): object => ({ [ADDRESS]: part });

/** Sets a property also where `__proto__` is its name. */
function own(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

const BUILT_IN = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError];

/** Puts the parts back in place, in what has arrived. */
class Unpacking {
  readonly waits: Promise<unknown>[] = [];
  readonly #done = new Map<object, unknown>();

  unpack(value: unknown): unknown {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (this.#done.has(value)) return this.#done.get(value);
    const part = (value as { [ADDRESS]?: Packed })[ADDRESS];
    if (part !== undefined) return this.#part(value, part);
    this.#done.set(value, value);
    if (value instanceof Map) {
      const entries = [...value];
      value.clear();
      for (const [key, each] of entries) value.set(this.unpack(key), this.unpack(each));
    } else if (value instanceof Set) {
      const parts = [...value];
      value.clear();
      for (const each of parts) value.add(this.unpack(each));
    } else for (const key of Object.keys(value)) own(value, key, this.unpack((value as Record<string, unknown>)[key]));
    return value;
  }

  #part(value: object, part: Packed): unknown {
    switch (part.as) {
      case "handle": {
        const { handle, ready } = reviveHandle(part.address);
        this.waits.push(ready);
        this.#done.set(value, handle);
        return handle;
      }
      case "buffer": {
        const { buffer, byteOffset, length } = part.bytes;
        const bytes = Buffer.from(buffer, byteOffset, length);
        this.#done.set(value, bytes);
        return bytes;
      }
      case "object": {
        this.#done.set(value, part.entries);
        for (const key of Object.keys(part.entries)) own(part.entries, key, this.unpack(part.entries[key]));
        return part.entries;
      }
      case "error": {
        const { message, stack, errors, ...more } = part.parts;
        const Type = BUILT_IN.find(({ name }) => name === part.name) ?? Error;
        const error = errors === undefined ? new Type(String(message)) : new AggregateError([], String(message));
        this.#done.set(value, error);
        if (error.name !== part.name) hidden(error, "name", part.name);
        hidden(error, "stack", stack);
        if (errors !== undefined) hidden(error, "errors", this.unpack(errors));
        for (const [key, each] of Object.entries(more)) {
          if (key === "cause") hidden(error, key, this.unpack(each));
          else own(error, key, this.unpack(each));
        }
        return error;
      }
    }
  }
}

function hidden(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
}
