/**
 * The form in which handles, Buffers and errors travel, which structured clone refuses or alters: the sender puts it in their place
 * in a copy ({@link Packing}), the receiver puts them back ({@link Unpacking}).
 *
 * Always true: somebody's own object that looks like such a form arrives as it was; what was one object is one again, cycles included.
 */
import { userFrames } from "../../thrown.ts";
import { reviveHandle } from "./handles.ts";
import { ADDRESS, errorKeys, handleAddressOf, travelOf } from "./sendable.ts";

/** A part that travels in another form, as the receiver finds it. */
type Packed =
  | { readonly as: "handle"; readonly address: unknown }
  | { readonly as: "buffer"; readonly bytes: Uint8Array }
  | { readonly as: "error"; readonly name: string; readonly parts: Readonly<Record<string, unknown>> }
  /** Somebody's own object that looks like one of these. */
  | { readonly as: "object"; readonly entries: Readonly<Record<string, unknown>> };

/** Makes the copy that travels. */
export class Packing {
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
export class Unpacking {
  /** Each resolves when a handle that was found can be used. */
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
