/**
 * From what the user's function returned to the bytes that are printed. JSON.stringify drops or alters what JSON cannot hold
 * (functions, NaN, Map …) without a word; here that is an error that names the place.
 */

/** A result that cannot be printed. */
export class ResultError extends Error {
  override readonly name = "ResultError";
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

/** Of these JSON.stringify makes `{}`. */
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
function unprintable(value: unknown, above: unknown[]): Unprintable | null {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? null : { path: "", what: `is ${value}` };
    case "bigint":
      return "toJSON" in BigInt.prototype ? null : { path: "", what: `is a BigInt (${value}n)` };
    case "function":
    case "symbol":
      return { path: "", what: `is a ${typeof value}` };
    case "object":
      return value === null ? null : unprintableObject(value, above);
    default:
      return null;
  }
}

function unprintableObject(value: object, above: unknown[]): Unprintable | null {
  if ("toJSON" in value && typeof value.toJSON === "function") return null; // it says itself what it is in JSON
  if (above.includes(value)) return { path: "", what: "contains itself" };
  if (ArrayBuffer.isView(value) || lost.some((type) => value instanceof type)) {
    return { path: "", what: `is a ${Object.prototype.toString.call(value).slice(8, -1)}` };
  }
  above.push(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = unprintable(value[i], above);
      if (found !== null) return { ...found, path: `[${i}]${found.path}` };
    }
  } else {
    for (const key of Object.keys(value)) {
      // A property that is undefined is left out, which is what everyone expects.
      const found = unprintable((value as Record<string, unknown>)[key], above);
      if (found !== null)
        return {
          ...found,
          path: `${/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}${found.path}`,
        };
    }
  }
  above.pop();
  return null;
}
