import { expect, test } from "bun:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { jsonLine, rawOutput } from "../../../src/pool/worker/result.ts";

test("whatever JSON can hold is printed as JSON.stringify prints it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonLine(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(jsonLine(value)).toBe(`${JSON.stringify(value)}\n`);
    }),
  );
});

/** All it has is behind a getter of its class, which JSON does not ask. */
class Secret {
  readonly #p = 1;
  get p() {
    return this.#p;
  }
}

test.each([
  ["result is NaN", Number.NaN],
  ["result[1][0] is Infinity", [1, [Number.POSITIVE_INFINITY]]],
  ['result.a["b c"] is a BigInt (1n)', { a: { "b c": 1n } }],
  ["result[0] is a Set", [new Set()]],
  ["result.e is a Error", { e: new TypeError("x") }],
  ["result.r is a RegExp", { r: /x/ }],
  ["result.f is a function", { f() {} }],
  ["result.b is a Float64Array", { b: new Float64Array(1) }],
  ["result is a Generator (return an array instead)", (function* () {})()],
  ["result is a AsyncGenerator", (async function* () {})()],
  ["result[0] is a Array Iterator", [[1][Symbol.iterator]()]],
  ["result is a Map Iterator", new Map().entries()],
  ["result.r is a Response", { r: new Response("x") }],
  ["result is a Blob", new Blob(["x"])],
  ["result[0] is a Buffer", [Buffer.from("hi")]],
  ["result.at is an invalid Date", { at: new Date(Number.NaN) }],
  ["result[1] is undefined", [1, undefined]],
  ["result[0] is undefined", new Array(2)],
  ["result[0] is NaN", [new Number(Number.NaN)]],
  ["result is a BigInt (1n)", Object(1n)],
  ["result is a Symbol", Object(Symbol("s"))],
  ["result.p is a Promise", { p: Promise.resolve() }],
  ["result is a WeakMap", new WeakMap()],
  ["result is a EventTarget", new EventTarget()],
  ["result is a Intl.NumberFormat", new Intl.NumberFormat("de")],
  ["result is a Secret", new Secret()],
  ["result has no properties that JSON could hold", { [Symbol("only")]: 1 }],
  ["result has no properties that JSON could hold", Object.defineProperty({}, "hidden", { value: 1 })],
  ["result is a Map", runInNewContext("new Map([[1, 2]])")],
  ["result[0] is a Error", runInNewContext("[new Error('x')]")],
  ["result[0] is undefined", { toJSON: () => [undefined] }],
  ["result.m is a Map", { m: { toJSON: () => new Map() } }],
  ["result[0] is NaN", [{ toJSON: () => Number.NaN }]],
  ["result[0] is undefined", [{ toJSON: () => undefined }]],
  ["result is a Map", Object.assign(new Map(), { own: 1 })],
])("%s: an error that names the place", (message, value) => {
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

test("what is empty after all, and what says itself what it is", () => {
  class Money {
    readonly #cents = 5n;
    toJSON() {
      return `${this.#cents}`;
    }
  }
  class Point {
    x = 1;
    y = undefined;
  }
  const same = [{}, [], Object.create(null), runInNewContext("({})"), new Money(), new Point(), { u: undefined }];
  const boxed = [new Number(5), new String("s"), new Boolean(false), new URL("http://a/b")];
  expect(jsonLine([...same, ...boxed])).toBe('[{},[],{},{},"5",{"x":1},{},5,"s",false,"http://a/b"]\n');
});

test("raw: text as a line, bytes as they are, nothing for nothing, JSON for the rest", () => {
  expect(rawOutput("a b")).toBe("a b\n");
  expect(rawOutput(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
  expect([rawOutput(undefined), rawOutput(null)]).toEqual(["", ""]);
  expect(rawOutput({ a: 1 })).toBe('{"a":1}\n');
});
