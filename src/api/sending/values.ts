/**
 * Values on their way between processes: structured clone, and what it does not do by itself. A value is looked through once
 * (inspection.ts); only where there is something in it that travels in another form is a copy made (packing.ts), and only then
 * does the receiver look.
 *
 * Always true: what arrives is equal to what was sent, cycles and shared parts included, or the sender has got an error that
 * names the place.
 */
import { deserialize, serialize } from "bun:jsc";
import type { EncodedItem } from "../../memory/index.ts";
import { NotSendable } from "../errors.ts";
import { Inspection } from "./inspection.ts";
import { Packing, Unpacking } from "./packing.ts";
import { travelOf } from "./sendable.ts";

/** The bytes of a value. @param path what a person calls it: `args`. @throws NotSendable. */
export function encode(value: unknown, path: string): Uint8Array {
  return bytesOf(value, new Inspection().special(value, path), path);
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
  const special = new Inspection().items(list, pathOf);
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
