import { expect, test } from "bun:test";
import { durationText, numberText, percentText, sizeText, toThousandth } from "../../../src/os/units.ts";

test("numbers and durations are short and say what they mean", () => {
  expect([0, 7, 12345, 1234567.8, 0.123, 9.876, 45.67, 678.9].map(numberText)).toEqual([
    "0",
    "7",
    "12,345",
    "1,234,568",
    "0.12",
    "9.88",
    "45.7",
    "679",
  ]);
  expect(numberText(Number.NaN)).toBe("-");
  expect([0, 0.0042, 0.34, 1, 45.2, 99.6, 412.3, 1840, 59_400, 75_000, 119_600, 3_725_000].map(durationText)).toEqual([
    "0.0 ms",
    "0.0042 ms",
    "0.34 ms",
    "1.0 ms",
    "45.2 ms",
    "99.6 ms",
    "412 ms",
    "1.84 s",
    "59.4 s",
    "1 min 15 s",
    "2 min 0 s",
    "1 h 2 min",
  ]);
  expect([Number.NaN, Number.POSITIVE_INFINITY].map(durationText)).toEqual(["–", "–"]);
});

test("sizes, shares and the resolution of documents", () => {
  expect([0, 2048, 12 * 2 ** 20, 1.5 * 2 ** 30].map(sizeText)).toEqual(["0 KiB", "2 KiB", "12 MiB", "1.5 GiB"]);
  expect([0, 0.042, 0.42, 1].map(percentText)).toEqual(["0 %", "4.2 %", "42 %", "100 %"]);
  expect([1.23456, -0.0004, 3].map(toThousandth)).toEqual([1.235, -0, 3]);
});
