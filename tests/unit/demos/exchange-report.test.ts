import { expect, test } from "bun:test";
import { isClearlyFastest } from "../../../src/demos/exchange/demo.ts";

test("a winner that the next run may not have again judges nobody's prediction", () => {
  expect(isClearlyFastest([100, 400, 200])).toBe(true);
  expect(isClearlyFastest([100, 400, 380])).toBe(false);
  expect(isClearlyFastest([5])).toBe(true);
});
