import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeText } from "../../../src/os/bytes/byte-strings.ts";
import {
  linesOf,
  printable,
  printableInQuotes,
  printableJson,
  printableJsonBytes,
  printableLines,
} from "../../../src/os/bytes/printable.ts";
import { anyCharacter } from "../../support/any-text.ts";

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

test("several lines stay lines, and tabs tabs", () => {
  expect(printableLines(linesOf("a\tb\x07\r\nc\rd"))).toBe("a\tb\\x07\nc\\rd");
});

/** (Compiled once: that takes longer than all that is looked at.) */
const steers = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u;

test("JSON means what it meant", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const json = printableJson([text, { text }]);
      expect(json).not.toMatch(steers);
      expect(JSON.parse(json)).toEqual([text, { text }]);
    }),
  );
});

test("JSON that comes in pieces, cut anywhere, means what it meant", () => {
  const values = ["\u202e\u009b31m", "plain", "é\u{1f600}\ufeff"];
  const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  const convert = printableJsonBytes();
  let shown = "";
  for (const byte of bytes) shown += Buffer.from(convert(Buffer.of(byte))).toString("latin1");
  const text = Buffer.from(shown, "latin1").toString();
  expect(text).toBe('"\\u202e\\u009b31m"\n"plain"\n"é\u{1f600}\\ufeff"\n');
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(values);
});

test("in single quotes of a shell it stays what it is to the shell", () => {
  const shown = printableInQuotes("printf %s 'a\x1b[2J\u202e\n\u{e0041}b'");
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(Bun.spawnSync(["bash", "-c", shown]).stdout.toString()).toBe("a\x1b[2J\u202e\n\u{e0041}b");
});

test("nothing that steers is left of any text, and escaping twice changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(printable(shown)).toBe(shown);
    }),
  );
});
