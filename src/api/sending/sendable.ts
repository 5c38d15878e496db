/**
 * What arrives whole in another process: what structured clone takes, errors, Buffers, and handles of what is shared. All
 * else is refused with its place in the data. (Structured clone would make a plain object of an instance, and a copy of
 * shared memory, without a word.)
 */
import { NotSendable } from "../errors.ts";

/** A value that stays one thing in all processes has a getter of this name, which returns its address. */
export const ADDRESS = "$lanes";

/** Whether this is a handle of something shared: the getter is what tells it from somebody's data. */
const isHandle = (value: object): boolean => Object.getOwnPropertyDescriptor(value, ADDRESS)?.get !== undefined;

/** The address of what a handle is of. To read it is to send it: once for each time that it travels. */
export const handleAddressOf = (handle: object): unknown => (handle as { readonly [ADDRESS]?: unknown })[ADDRESS];

/** How a value travels: `plain`: as it is. */
export type Travel = "plain" | "handle" | "error" | "buffer" | "list" | "map" | "set" | "object";

const PLAIN = [Date, RegExp, ArrayBuffer, DataView, Boolean, Number, String];

/** How an object travels. @throws NotSendable, with its path. */
export function travelOf(value: object, path: string): Travel {
  if (isHandle(value)) return "handle";
  if (Buffer.isBuffer(value)) return "buffer";
  if (ArrayBuffer.isView(value)) {
    if (isShared(value.buffer)) throw new NotSendable("api.send.shared", { path });
    return "plain";
  }
  if (isShared(value)) throw new NotSendable("api.send.shared", { path });
  if (Array.isArray(value)) return "list";
  if (value instanceof Error) return "error";
  if (value instanceof Map) return "map";
  if (value instanceof Set) return "set";
  if (PLAIN.some((type) => value instanceof type)) return "plain";
  if (value instanceof Promise) throw new NotSendable("api.send.promise", { path });
  if (value instanceof AbortSignal) throw new NotSendable("api.send.signal", { path });
  const kind = instanceOf(value);
  if (kind !== null) throw new NotSendable("api.send.instance", { path, kind });
  return "object";
}

/** What an error carries besides its name, its message and its stack. */
export function errorKeys(error: object): string[] {
  const kept = ["cause", "errors"].filter((key) => Object.hasOwn(error, key));
  const engine = new Set(["name", "message", "stack", "line", "column", "sourceURL", "originalLine", ...kept]);
  return [...kept, ...Object.keys(error).filter((key) => !engine.has(key))];
}

const isShared = (value: unknown) => typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer;

/** The class of an instance that would lose something: it has methods, or it is the engine's own. Null for plain data. */
function instanceOf(value: object): string | null {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return null;
  const type: unknown = (value as { constructor?: unknown }).constructor;
  // A generator's class has no name.
  const tag = /^\[object (.*)\]$/.exec(Object.prototype.toString.call(value))?.[1] ?? "";
  const name = (typeof type === "function" && type.name) || tag;
  for (let at: object | null = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    const members = Reflect.ownKeys(at).filter((key) => key !== "constructor");
    // The plain objects of another realm have all of Object.prototype above them, and nothing of their own.
    if (members.includes("isPrototypeOf")) return null;
    if (members.length > 0) return name;
  }
  return typeof type === "function" && /\[native code\]/.test(Function.prototype.toString.call(type)) ? name : null;
}

/** @throws NotSendable for a value that is no object and cannot travel. */
export function checkPrimitive(value: unknown, path: string): void {
  if (typeof value === "function") {
    const field = /^this\.([\w$]+)$/.exec(path)?.[1];
    if (field !== undefined) throw new NotSendable("api.send.method", { path, field });
    throw new NotSendable("api.send.function", { path });
  }
  if (typeof value === "symbol") throw new NotSendable("api.send.symbol", { path });
}
