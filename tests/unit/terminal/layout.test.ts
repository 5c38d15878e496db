import { expect, test } from "bun:test";
import fc from "fast-check";
import { fit, fitRight, justify, truncate, wrap } from "../../../src/terminal/layout.ts";

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
