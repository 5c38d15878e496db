import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseJson } from "../../../src/pool/worker/integers.ts";

test.each([
  ['{"id":9007199254740993}', "9007199254740993"],
  ["[-9007199254740993]", "-9007199254740993"],
  ["12345678901234567890", "12345678901234567890"],
  ['{"a":"9007199254740993","b":[{"c":12345678901234567891}]}', "12345678901234567891"],
  ['{"a":"\\"9007199254740993","b":18446744073709551615}', "18446744073709551615"],
  ["61666742288762888", "61666742288762888"],
  ["[1e400]", "1e400"],
  ["-1E+999", "-1E+999"],
  [`1${"0".repeat(400)}`, "1000000000000000000000000000000000000000…"],
])("%s: fails, and the number is named with the way out", (text, number) => {
  expect(() => parseJson(text, "fail")).toThrow(`${number} is more than a JavaScript number can hold`);
  expect(() => parseJson(text, "fail")).toThrow("--integers string");
  expect(parseJson(text, "number")).toEqual(JSON.parse(text));
});

test.each([
  "9007199254740992",
  "61666742288762890",
  "[9007199254740994,1e308,1e22]",
  "0.12345678901234567890",
  '{"9007199254740993":"9007199254740993"}',
  '"\\\\\\"9007199254740993"',
  "1.7976931348623157e308",
  "10000000000000000000000",
])("%s: held, or rounded as every fraction is", (text) => {
  expect(parseJson(text, "fail")).toEqual(JSON.parse(text));
  expect(parseJson(text, "string")).toEqual(JSON.parse(text));
});

test("as strings: the digits as they stood, and nothing else is touched", () => {
  expect(
    parseJson('{"id": 9007199254740993 , "s":"9007199254740993","n":[1,-12345678901234567890,1e400]}', "string"),
  ).toEqual({
    id: "9007199254740993",
    s: "9007199254740993",
    n: [1, "-12345678901234567890", "1e400"],
  });
});

test("any JSON with big integers anywhere: found exactly where they are", () => {
  const big = fc.bigInt({ min: 2n ** 53n + 1n, max: 2n ** 64n }).filter((n) => String(Number(n)) !== String(n));
  const texts = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      big.map((n) => ({ text: `${n}`, value: `${n}` as unknown })),
      fc.jsonValue({ maxDepth: 0 }).map((value) => ({ text: JSON.stringify(value), value: value as unknown })),
      fc
        .string()
        .map((value) => ({ text: JSON.stringify(`${value}9007199254740993`), value: `${value}9007199254740993` })),
      fc.array(tie("value"), { maxLength: 4 }).map((all) => {
        const parts = all as { text: string; value: unknown }[];
        return { text: `[${parts.map((part) => part.text).join(" , ")}]`, value: parts.map((part) => part.value) };
      }),
    ),
  })).value as fc.Arbitrary<{ text: string; value: unknown }>;
  fc.assert(
    fc.property(texts, ({ text, value }) =>
      expect(parseJson(text, "string")).toEqual(JSON.parse(JSON.stringify(value))),
    ),
  );
});

test("what is no JSON is said to be none, whatever stands in it", () => {
  for (const text of ["{9007199254740993", "9007199254740993 x", '"9007199254740993'] as const) {
    for (const way of ["fail", "string", "number"] as const) expect(() => parseJson(text, way)).toThrow(SyntaxError);
  }
});
