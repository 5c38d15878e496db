/** Numbers in shared memory: their kinds, and adding to one in one step. */
import { LanesError } from "../errors.ts";

/** The kinds of numbers, as typed arrays have them. */
export interface NumberKinds {
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  float32: Float32Array;
  float64: Float64Array;
  bigint64: BigInt64Array;
  biguint64: BigUint64Array;
}
export type NumberKind = keyof NumberKinds;
/** What a number of a kind is in JavaScript. */
export type Element<K extends NumberKind> = K extends "bigint64" | "biguint64" ? bigint : number;

const arrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  bigint64: BigInt64Array,
  biguint64: BigUint64Array,
} as const;

/** @throws LanesError `memory.argument` for what is none. */
export function bytesOf(kind: string, what: string): number {
  if (!Object.hasOwn(arrays, kind))
    throw new LanesError("memory.argument", { what, wanted: Object.keys(arrays).join(", "), value: String(kind) });
  return arrays[kind as NumberKind].BYTES_PER_ELEMENT;
}

/** So many numbers that lie in memory. */
export function numbersIn<K extends NumberKind>(
  kind: K,
  memory: ArrayBufferView<ArrayBufferLike>,
  length: number,
  byte = 0,
): NumberKinds[K] {
  return new arrays[kind](memory.buffer as ArrayBuffer, memory.byteOffset + byte, length) as NumberKinds[K];
}

/** Adds to the number at a place; what others add meanwhile is not lost. @returns what it was before. */
export function addTo<K extends NumberKind>(kind: K, numbers: NumberKinds[K], at: number, n: Element<K>): Element<K> {
  if (kind !== "float32" && kind !== "float64")
    return Atomics.add(numbers as Int32Array, at, n as number) as Element<K>; // with bigints, too
  return addFloat(kind, numbers as Float32Array | Float64Array, at, n as number) as Element<K>;
}

/** Atomics knows no floating point: their bits are exchanged, as often as somebody else was faster. */
function addFloat(kind: "float32" | "float64", numbers: Float32Array | Float64Array, at: number, n: number): number {
  const bits =
    kind === "float32"
      ? new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length)
      : new BigInt64Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const [float, its] =
    kind === "float32" ? [new Float32Array(1), new Int32Array(1)] : [new Float64Array(1), new BigInt64Array(1)];
  const asFloat = new (kind === "float32" ? Float32Array : Float64Array)(its.buffer);
  const asBits = kind === "float32" ? new Int32Array(float.buffer) : new BigInt64Array(float.buffer);
  for (;;) {
    const seen = Atomics.load(bits as Int32Array, at);
    its[0] = seen as never;
    const before = asFloat[0]!;
    float[0] = before + n;
    if (Atomics.compareExchange(bits as Int32Array, at, seen, asBits[0] as number) === seen) return before;
  }
}
