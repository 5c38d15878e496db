import { expect, test } from "bun:test";
import fc from "fast-check";
import { clean, shortValueText } from "../../../../src/export/chart/clean.ts";
import { anyCharacter } from "../../../support/any-text.ts";

test("any text becomes one short line without anything that acts", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 250 }), (text) => {
      const line = clean(text);
      expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/);
      expect(line.isWellFormed()).toBe(true);
      expect(Array.from(line).length).toBeLessThanOrEqual(200);
    }),
  );
});

test("what was there stays to be seen", () => {
  expect(clean("a\x1b[31mb\nc")).toBe("a\\x1b[31mb\\nc");
  expect(clean("\udc80 bytes")).toBe("\\x80 bytes");
  expect(clean("\u202egnp.exe")).toBe("\\u202egnp.exe");
  expect(clean("😀".repeat(300), 10)).toBe(`${"😀".repeat(9)}…`);
  expect(shortValueText({ a: 1 })).toBe('{"a":1}');
  expect(shortValueText(undefined)).toBe("undefined");
});
