import { expect, test } from "bun:test";
import { en } from "../../../src/i18n/en/index.ts";
import { languageFrom } from "../../../src/i18n/index.ts";
import { format, namesIn } from "../../../src/i18n/message.ts";
import type { MessageKey } from "../../../src/i18n/phrase.ts";
import { zh } from "../../../src/i18n/zh/index.ts";

const keys = Object.keys(en) as MessageKey[];

test("both languages have the same keys and every message needs the same values", () => {
  expect(Object.keys(zh).toSorted()).toEqual(keys.toSorted());
  const differing = keys.filter((key) => namesIn(en[key]).join() !== namesIn(zh[key]).join());
  expect(differing).toEqual([]);
});

test("Chinese is Chinese: a message with words has them translated", () => {
  const wordless = /^[\s\p{P}\p{S}\d]*$/u;
  const untranslated = keys.filter((key) => {
    const words = en[key].replace(/\{[^{}]*\}/g, "");
    return (
      !wordless.test(words) &&
      !/\p{Script=Han}/u.test(zh[key]) &&
      zh[key] === en[key] &&
      /[a-z]{4,} [a-z]{2,}/i.test(words)
    );
  });
  expect(untranslated).toEqual([]);
});

test("values are put in; braces that are no name stay", () => {
  expect(format("{name} has {n} {n:process|processes}; {} {.} {1} stay", { name: "P1", n: 1 })).toBe(
    "P1 has 1 process; {} {.} {1} stay",
  );
  expect(format("{n} {n:process|processes}", { n: 3 })).toBe("3 processes");
  expect(namesIn("{b} {a} {} {/} {a:x|y}")).toEqual(["a", "b"]);
});

test("a value cannot steer a terminal or begin a line; a list of lines is put in as lines", () => {
  expect(format("<{a}>", { a: "x\x1b[2J\ny\u202e" })).toBe("<x\\x1b[2J\\ny\\u202e>");
  expect(format("<{a}>", { a: ["x\x07", "\ty\nz"] })).toBe("<x\\x07\n\ty\\nz>");
});

test("the language: option, then LANES_LANG, LC_ALL, LC_MESSAGES, LANG; English by default", () => {
  expect(languageFrom("zh", {})).toBe("zh");
  expect(languageFrom("en", { LANES_LANG: "zh" })).toBe("en");
  expect(languageFrom(undefined, { LANES_LANG: "zh", LC_ALL: "en_US.UTF-8" })).toBe("zh");
  expect(languageFrom(undefined, { LANES_LANG: "", LC_ALL: "en_US.UTF-8", LANG: "zh_CN.UTF-8" })).toBe("en");
  expect(languageFrom(undefined, { LC_MESSAGES: "zh_CN.UTF-8", LANG: "de_DE" })).toBe("zh");
  expect(languageFrom(undefined, { LANG: "zh_TW.UTF-8" })).toBe("zh");
  expect(languageFrom(undefined, {})).toBe("en");
});
