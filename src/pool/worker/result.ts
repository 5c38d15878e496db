/**
 * From what the user's function returned to the bytes that are printed. JSON.stringify drops or alters what JSON cannot hold
 * (functions, NaN, Map, generators, undefined in an array …) without a word; here that is an error that names the place.
 * Two things are what everyone expects: nothing returned is `null`, and a property that is undefined is left out.
 */

/** A result that cannot be printed. */
export class ResultError extends Error {
  override readonly name = "ResultError";
  readonly #own = true;

  /** Asks nothing of the value that it could answer by throwing. */
  static is(error: unknown): error is ResultError {
    return typeof error === "object" && error !== null && #own in error;
  }
}

/** The line for a result, with its end. `undefined` (nothing was returned) is `null`. @throws ResultError */
export function jsonLine(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `${JSON.stringify(value)}\n`;
    case "number":
      if (Number.isFinite(value)) return `${value}\n`;
      break;
    case "boolean":
      return value ? "true\n" : "false\n";
    case "undefined":
      return "null\n";
    case "object":
      if (value === null) return "null\n";
  }
  const found = unprintable(value, []);
  if (found !== null) throw new ResultError(`result${found.path} ${found.what}`);
  return `${JSON.stringify(value) ?? "null"}\n`;
}

/** For `--output raw`: text as a line, bytes as they are, nothing for undefined and null, anything else as JSON. */
export function rawOutput(value: unknown): string | Uint8Array {
  if (typeof value === "string") return `${value}\n`;
  if (value === undefined || value === null) return "";
  if (value instanceof Uint8Array) return value;
  return jsonLine(value);
}

interface Unprintable {
  readonly path: string;
  readonly what: string;
}

/** Of these JSON.stringify makes `{}`, or no more than what somebody has added to them. */
const lost = [
  Map,
  Set,
  WeakMap,
  WeakSet,
  WeakRef,
  Promise,
  RegExp,
  Error,
  ArrayBuffer,
  SharedArrayBuffer,
  DataView,
] as const;

/**
 * What of a value JSON cannot hold, and where; null if it can hold all of it. The path is put together on the way out of
 * a failure: a good result must not pay for it. `above` are the objects this value is in.
 */
function unprintable(value: unknown, above: unknown[], inArray = false): Unprintable | null {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? null : { path: "", what: `is ${value}` };
    case "bigint":
      return "toJSON" in BigInt.prototype ? null : { path: "", what: `is a BigInt (${value}n)` };
    case "function":
    case "symbol":
      return { path: "", what: `is a ${typeof value}` };
    case "object":
      return value === null ? null : unprintableObject(value, above, inArray);
    case "undefined":
      // As a property it is left out; in an array it would become null.
      return inArray ? { path: "", what: "is undefined" } : null;
    default:
      return null;
  }
}

function unprintableObject(value: object, above: unknown[], inArray: boolean): Unprintable | null {
  if (ArrayBuffer.isView(value)) return is(value); // a Buffer too, whose toJSON makes four times as much of it
  if ("toJSON" in value && typeof value.toJSON === "function")
    return unprintableOwn(value, value.toJSON as () => unknown, above, inArray);
  if (above.includes(value)) return { path: "", what: "contains itself" };
  if (Array.isArray(value)) return unprintableArray(value, above);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (lost.some((type) => value instanceof type) || Error.isError(value)) return is(value);
    if (value instanceof Number || value instanceof BigInt) return unprintable(value.valueOf(), above);
    if (value instanceof String || value instanceof Boolean) return null;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return isEmpty(value, prototype) ? null : is(value);
  above.push(value);
  for (const key of keys) {
    const found = unprintable((value as Record<string, unknown>)[key], above);
    if (found === null) continue;
    const step = /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    return { ...found, path: `${step}${found.path}` };
  }
  above.pop();
  return null;
}

function unprintableArray(value: readonly unknown[], above: unknown[]): Unprintable | null {
  above.push(value);
  for (let i = 0; i < value.length; i++) {
    const found = unprintable(value[i], above, true);
    if (found !== null) return { ...found, path: `[${i}]${found.path}` };
  }
  above.pop();
  return null;
}

/** What says itself what it is in JSON: a date, a URL, a class of the user's own. What it says has to be printable, too. */
function unprintableOwn(value: object, toJson: () => unknown, above: unknown[], inArray: boolean): Unprintable | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? { path: "", what: "is an invalid Date" } : null;
  if (above.length > MOST_OWN) return null; // JSON.stringify ends it
  const own = toJson.call(value);
  if (typeof own !== "object" || own === null) return unprintable(own, above, inArray);
  above.push(value);
  const found = own === value ? null : unprintable(own, above);
  above.pop();
  return found;
}

/** How deep in objects those that say themselves what they are (and may say so of ever new ones) are looked into. */
const MOST_OWN = 1_000;

/** Whether `{}` is all there is to tell of an object without enumerable properties. */
function isEmpty(value: object, prototype: object | null): boolean {
  // Object.prototype of another realm (node:vm) is one, too: there is nothing above it.
  const ordinary = prototype === null || Object.getPrototypeOf(prototype) === null;
  return ordinary && Object.prototype.toString.call(value) === "[object Object]" && Reflect.ownKeys(value).length === 0;
}

/** What an object is: `a Map`, `a Response`, `a Money` (its class), an object without enumerable properties. */
function is(value: object): Unprintable {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const made = value.constructor;
  const type = tag === "Object" && typeof made === "function" && made.name !== "" ? made.name : tag;
  const name = Buffer.isBuffer(value) ? "Buffer" : type;
  if (name === "Object") return { path: "", what: "has no properties that JSON could hold" };
  return { path: "", what: `is a ${name}${/Generator$/.test(tag) ? " (return an array instead)" : ""}` };
}
