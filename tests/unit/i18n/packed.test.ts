import { expect, test } from "bun:test";
import { en } from "../../../src/i18n/en/index.ts";
import { packedWords } from "../../../src/i18n/packed.macro.ts";
import { pack, unpacked } from "../../../src/i18n/packed.ts";
import { zh } from "../../../src/i18n/zh/index.ts";

test.each([
  ["en", en],
  ["zh", zh],
] as const)("every message of %s is found by its key, as it is", (language, catalog) => {
  const packed = packedWords(language);
  const found = Object.fromEntries(Object.keys(catalog).map((key) => [key, unpacked(packed, key)]));
  expect(found).toEqual(catalog as Readonly<Record<string, string>>);
});

test("what is no key is not found: a part of one, an area, nothing, a name that every object has", () => {
  const packed = pack({ "menu.pick": "Pick", "menu.pick.more": "More", "demo.race.title": "A race" });
  for (const key of ["menu.pic", "enu.pick", "menu", "demo", "demo.race", "", ".", "constructor", "__proto__.x"])
    expect(unpacked(packed, key)).toBeUndefined();
  expect(unpacked(packed, "menu.pick")).toBe("Pick");
  expect(unpacked(packed, "demo.race.title")).toBe("A race");
});

test("a message that has what stands between messages is refused", () => {
  expect(() => pack({ "a.b": "x\u0001y" })).toThrow("a.b");
});
