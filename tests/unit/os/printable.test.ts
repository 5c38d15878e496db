import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeText } from "../../../src/os/byte-strings.ts";
import { printable } from "../../../src/os/printable.ts";

test("what steers a terminal is spelled as an escape", () => {
  expect(printable("\x1b]0;PWN\x07")).toBe("\\x1b]0;PWN\\x07");
  expect(printable("a\tb\r\nc")).toBe("a\\tb\\r\\nc");
  expect(printable("x\u202ey\u2066z\u{e0041}")).toBe("x\\u202ey\\u2066z\\u{e0041}");
  expect(printable("\x9b2J\u2028")).toBe("\\x9b2J\\u2028");
});

test("a byte that is not UTF-8 is shown as the byte it is", () => {
  expect(printable(decodeText(Buffer.from([0x63, 0x61, 0x66, 0xe9])))).toBe("caf\\xe9");
});

test("letters, emoji and their joiners stay", () => {
  expect(printable("日本語 é 👩‍👩‍👧 \\n")).toBe("日本語 é 👩‍👩‍👧 \\n");
});

test("nothing that steers is left of any text, and escaping twice changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(printable(shown)).toBe(shown);
    }),
  );
});
