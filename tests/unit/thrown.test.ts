/** Whatever can be thrown is told: without throwing, without end, and no longer than it may be. */
import { expect, test } from "bun:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { tell, tellText } from "../../src/thrown.ts";

const circle = new Error("circle");
circle.cause = circle;
const ring = [new Error("one"), new Error("two")] as const;
ring[0].cause = ring[1];
ring[1].cause = ring[0];
const many = new AggregateError([], "many");
many.errors.push(many, new Error("part"));
const trap = (): never => {
  throw new Error("trap");
};
const traps = {
  get: trap,
  has: trap,
  ownKeys: trap,
  getPrototypeOf: trap,
  getOwnPropertyDescriptor: trap,
};
const revoked = Proxy.revocable(new Error("gone"), {});
revoked.revoke();
/** An error whose property throws when it is looked at. */
const getter = (name: string) => Object.defineProperty(new Error("seen"), name, { get: trap });
const chain = Array.from({ length: 20_000 }).reduce<Error>(
  (cause, _, i) => new Error(`${i}`, { cause }),
  new Error("first"),
);
const put = (properties: object) => Object.assign(new Error("put"), properties);

test.each<[string, unknown, string]>([
  ["undefined", undefined, "undefined"],
  ["null", null, "null"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["a big integer", 5n, "5"],
  ["a function", function thrower() {}, "thrower"],
  ["an object", { code: 42 }, "42"],
  ["its own cause", circle, "cause: [Circular]"],
  ["causes in a ring", ring[0], "cause: Error: two"],
  ["an AggregateError of itself", many, "[Circular]"],
  ["its parts", many, "Error: part"],
  ["a chain of 20,000 causes", chain, "Error: 19999"],
  ["a Proxy that throws", new Proxy(new Error("p"), traps), "cannot be shown"],
  ["a Proxy of an object that throws", new Proxy({}, { get: trap }), ""],
  ["a revoked Proxy", revoked.proxy, ""],
  ["a message that throws", getter("message"), "Error"],
  ["a name that throws", getter("name"), "seen"],
  ["a stack that throws", getter("stack"), "Error: seen"],
  ["a code that throws", getter("code"), "Error: seen"],
  ["a cause that throws", getter("cause"), "Error: seen"],
  ["errors that throw", getter("errors"), "Error: seen"],
  ["a toString that throws", Object.assign(new Error("t"), { toString: trap, toJSON: trap }), "Error: t"],
  ["a stack that is a number", put({ stack: 12 }), "Error: put"],
  ["a message that is an object", put({ message: { a: 1 } }), "a: 1"],
  ["a name that is an object", put({ name: { a: 1 } }), "Error: put"],
  ["a name that is a big integer", put({ name: 5n }), "Error: put"],
  ["a frozen one", Object.freeze(new Error("frozen")), "Error: frozen"],
  ["one of another realm", runInNewContext("new TypeError('other realm')"), "TypeError: other realm"],
  ["a cause that is a method", put({ cause: () => new Error("c") }), "Error: put"],
  ["an object that shows itself by throwing", { [Symbol.for("nodejs.util.inspect.custom")]: trap }, "cannot be shown"],
  ["a code", put({ code: "E_X", status: 404 }), "Error: put (code E_X, status 404)"],
])("%s", (_, thrown, text) => {
  expect(tellText(thrown)).toContain(text);
  expect(JSON.stringify(tell(thrown)).length).toBeLessThan(100_000);
});

test("anything at all is told as data that JSON can hold", () => {
  fc.assert(
    fc.property(fc.anything({ withProxy: true } as object), fc.anything(), (thrown, more) => {
      expect(typeof tellText(thrown)).toBe("string");
      expect(typeof JSON.stringify(tell(put({ message: thrown, cause: more, stack: more, code: thrown })))).toBe(
        "string",
      );
    }),
  );
});

test("what is huge is cut, and how long it was is said", () => {
  const { message } = tell(new Error("x".repeat(5_000_000)));
  expect(message.length).toBeLessThan(40_000);
  expect(message).toEndWith("… (5000000 characters)");
  expect(tellText("y".repeat(1_000_000)).length).toBeLessThan(40_000);
  const fields = tell(put(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, "z".repeat(10_000)]))));
  expect(JSON.stringify(fields).length).toBeLessThan(30_000);
});

test("user code that makes its own stacks", () => {
  const before = Error.prepareStackTrace;
  try {
    for (const prepare of [trap, () => 12, () => [1], () => null]) {
      Error.prepareStackTrace = prepare as () => unknown;
      const error = Object.create(Error.prototype, { message: { value: "m" } }) as Error;
      expect(tellText(error)).toContain("Error: m");
    }
  } finally {
    Error.prepareStackTrace = before;
  }
});

test("a message of several lines is told once, its frames below it", () => {
  const error = new Error("first\nsecond");
  error.stack = "Error: first\nsecond\n    at user (/home/u/f.ts:1:2)";
  expect(tellText(error)).toBe("Error: first\nsecond\n    at user (/home/u/f.ts:1:2)");
});
