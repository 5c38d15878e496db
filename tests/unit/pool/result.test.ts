import { expect, test } from "bun:test";
import fc from "fast-check";
import { jsonLine, rawOutput } from "../../../src/pool/result.ts";

test("whatever JSON can hold is printed as JSON.stringify prints it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonLine(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(jsonLine(value)).toBe(`${JSON.stringify(value)}\n`);
    }),
  );
});

test.each([
  [Number.NaN, "result is NaN"],
  [[1, [Number.POSITIVE_INFINITY]], "result[1][0] is Infinity"],
  [{ a: { "b c": 1n } }, 'result.a["b c"] is a BigInt (1n)'],
  [[new Set()], "result[0] is a Set"],
  [{ e: new TypeError("x") }, "result.e is a Error"],
  [{ r: /x/ }, "result.r is a RegExp"],
  [{ f() {} }, "result.f is a function"],
  [{ b: new Float64Array(1) }, "result.b is a Float64Array"],
])("%p cannot be printed, and the place is named", (value, message) => {
  expect(() => jsonLine(value)).toThrow(message);
});

test("the same object twice is no circle; toJSON says itself what it is", () => {
  const same = { x: 1 };
  expect(jsonLine([same, same])).toBe('[{"x":1},{"x":1}]\n');
  expect(jsonLine({ at: new Date(0), m: { toJSON: () => "mine" } })).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","m":"mine"}\n',
  );
  expect(jsonLine({ toJSON: () => undefined })).toBe("null\n");
});

test("raw: text as a line, bytes as they are, nothing for nothing, JSON for the rest", () => {
  expect(rawOutput("a b")).toBe("a b\n");
  expect(rawOutput(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
  expect([rawOutput(undefined), rawOutput(null)]).toEqual(["", ""]);
  expect(rawOutput({ a: 1 })).toBe('{"a":1}\n');
});
