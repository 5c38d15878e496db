/** SharedValue and SharedArray in one process; `_TestValue`, `_TestArray` as in CPython's _test_multiprocessing. */
import { expect, test } from "bun:test";
import { type NumberKind, SharedArray, SharedValue } from "../../../src/memory/index.ts";

/** A value of each kind that needs all of it. */
const extremes: readonly [NumberKind, number | bigint][] = [
  ["int8", -128],
  ["uint8", 255],
  ["int16", -32_768],
  ["uint16", 65_535],
  ["int32", -(2 ** 31)],
  ["uint32", 2 ** 32 - 1],
  ["float32", Math.fround(0.1)],
  ["float64", Number.MAX_VALUE],
  ["bigint64", -(2n ** 63n)],
  ["biguint64", 2n ** 64n - 1n],
];

test.each(extremes)("_TestValue.test_value, test_rawvalue: %s", (kind, extreme) => {
  const [zero, value] = [new SharedValue(kind), new SharedValue(kind, extreme as never)];
  expect(zero.value as unknown).toBe(typeof extreme === "bigint" ? 0n : 0);
  expect(value.value as unknown).toBe(extreme);
  zero.value = extreme as never;
  expect(zero.value as unknown).toBe(extreme);
  void value.$lanes; // shared from now on
  expect([zero.value, value.value] as unknown[]).toEqual([extreme, extreme]);
});

test("_TestValue.test_getobj_getlock: each has a lock of its own", async () => {
  const [one, two] = [new SharedValue("int32", 5), new SharedValue("int32", 5)];
  await one.lock.acquire();
  expect(one.lock.isLocked).toBe(true);
  expect(two.lock.tryAcquire()).toBe(true);
  one.lock.release();
  two.lock.release();
  expect([one.value, two.value]).toEqual([5, 5]);
});

test.each(extremes)("add to %s in one step says what it was", (kind, extreme) => {
  const [value, one] = [new SharedValue(kind, extreme as never), typeof extreme === "bigint" ? 1n : 1];
  expect(value.add(one as never) as unknown).toBe(extreme);
  const array = new SharedArray(kind, [extreme] as never);
  array.data[0] = ((array.data[0] as number) + (one as number)) as never;
  expect(value.value as unknown).toBe(array.data[0]); // wrapped, or rounded, as a store does it
});

test("_TestArray.test_array, test_rawarray: from numbers, changed in place", () => {
  const numbers = [680, 626, 934, 821, 150, 233, 548, 982, 714, 831];
  const array = new SharedArray("int32", numbers);
  expect([...array]).toEqual(numbers);
  array.data.subarray(2, 4).set([1, 2]);
  array.data.reverse();
  expect([...array]).toEqual(numbers.with(2, 1).with(3, 2).reverse());
});

test("_TestArray.test_array_from_size: zeros, also where memory was used before", () => {
  for (let round = 0; round < 3; round++) {
    const array = new SharedArray("int32", 10);
    expect([...array]).toEqual(Array(10).fill(0));
    array.data.fill(7);
  }
  expect(new SharedArray("float64", 0).length).toBe(0);
});

test("_TestArray.test_getobj_getlock_obj: each has a lock of its own", async () => {
  const array = new SharedArray("uint8", 4);
  await array.lock.with(() => array.data.fill(1));
  expect(array.lock.isLocked).toBe(false);
  expect(Bun.inspect(array)).toMatch(/^<SharedArray-\d+: 4 of uint8>$/);
});

test("_TestSharedCTypes.test_synchronize: add loses nothing, also of what is no whole number", () => {
  const array = new SharedArray("float64", [0.5, 1.5]);
  expect(array.add(1, 0.25)).toBe(1.5);
  expect([...array]).toEqual([0.5, 1.75]);
  expect(() => array.add(2, 1)).toThrow(RangeError);
});

test("what is no kind, no length is refused", () => {
  expect(() => new SharedValue("int" as never)).toThrow("SharedValue(kind) has to be int8, uint8");
  expect(() => new SharedArray("toString" as never, 1)).toThrow("SharedArray(kind)");
  expect(() => new SharedArray("int8", -1)).toThrow("SharedArray(kind, length) has to be 0 … 4294967296, and is -1.");
});
