/** The depth guard: it can be told to refuse sooner, never later. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { childDepth, currentDepth, DEPTH_LIMIT, limitGenerations } from "../../../src/process/reexec.ts";

const names = ["LANES_DEPTH", "LANES_DEPTH_LIMIT"] as const;
const before = names.map((name) => process.env[name]);
const restore = (values: readonly (string | undefined)[]) =>
  names.forEach((name, i) => {
    if (values[i] === undefined) delete process.env[name];
    else process.env[name] = values[i];
  });
beforeEach(() => restore([]));
afterEach(() => restore(before));

test("a person's process may have eight generations below it", () => {
  expect([currentDepth(), childDepth(), DEPTH_LIMIT]).toEqual([0, 1, 8]);
  process.env.LANES_DEPTH = "7";
  expect(childDepth()).toBe(8);
  process.env.LANES_DEPTH = "8";
  expect(childDepth).toThrow("already 8 generations deep (limit 8)");
});

test("so many and no more, counted from where it was said; what was taken away does not come back", () => {
  process.env.LANES_DEPTH = "2";
  limitGenerations(2);
  limitGenerations(5);
  process.env.LANES_DEPTH = "3";
  expect(childDepth()).toBe(4);
  process.env.LANES_DEPTH = "4";
  expect(childDepth).toThrow("already 4 generations deep (limit 4)");
});

test.each(["99", "-1", "x", "", "1.5"])("a limit of %p in the environment allows no more than there is", (limit) => {
  process.env.LANES_DEPTH_LIMIT = limit;
  process.env.LANES_DEPTH = "8";
  expect(childDepth).toThrow("generations deep");
});
