import { expect, test } from "bun:test";
import fc from "fast-check";
import { durationText, fit, fitRight, justify, numberText, truncate, wrap } from "../../../src/terminal/layout.ts";

const text = fc
  .array(fc.constantFrom("a", "Z", " ", "锁", "文", "，", "。", "-", "é", "█"), { maxLength: 60 })
  .map((chars) => chars.join(""));
const columns = fc.integer({ min: 2, max: 40 });

test("truncate never exceeds the width and never cuts a character in two", () => {
  fc.assert(
    fc.property(text, columns, (value, width) => {
      const cut = truncate(value, width, "…");
      expect(Bun.stringWidth(cut)).toBeLessThanOrEqual(width);
      expect(value.startsWith(cut.replace(/…$/, ""))).toBe(true);
    }),
  );
});

test("fit and fitRight are exactly as wide as asked", () => {
  fc.assert(
    fc.property(text, columns, (value, width) => {
      expect(Bun.stringWidth(fit(value, width))).toBe(width);
      expect(Bun.stringWidth(fitRight(value, width, "~"))).toBe(width);
    }),
  );
});

test("wrap keeps every character but spaces, and no line is too wide", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 40 }), (value, width) => {
      const lines = wrap(value, width);
      for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(value.replaceAll(" ", ""));
    }),
  );
});

test("wrap breaks English at spaces and Chinese between characters, punctuation staying with its word", () => {
  expect(wrap("the parent is blocked in join", 12)).toEqual(["the parent", "is blocked", "in join"]);
  expect(wrap("父进程等待子进程，直到结束。", 12)).toEqual(["父进程等待子", "进程，直到结", "束。"]);
  expect(wrap("one\ntwo", 20)).toEqual(["one", "two"]);
});

test("justify puts two texts at the ends of a line; the left one gives way", () => {
  expect(justify("left", "right", 12)).toBe("left   right");
  expect(justify("a long left text", "right", 12, "~")).toBe("a lon~ right");
});

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
  expect([0.34, 45.2, 412.3, 1840, 59_400, 61_000, 119_600, 3_725_000].map(durationText)).toEqual([
    "0.3 ms",
    "45.2 ms",
    "412 ms",
    "1.84 s",
    "59.4 s",
    "1 min 1 s",
    "2 min 0 s",
    "62 min 5 s",
  ]);
});
