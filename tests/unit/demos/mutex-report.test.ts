import { expect, test } from "bun:test";
import { slowdown } from "../../../src/demos/mutex/report.ts";

test("every slow-down is one of the prediction's choices", () => {
  expect([1, 2.5, 4, 5.1, 9].map((ratio) => slowdown(ratio, 4))).toEqual(["hardly", "less", "times", "times", "more"]);
  expect([0.9, 1.4, 1.9, 2.1].map((ratio) => slowdown(ratio, 1))).toEqual(["hardly", "hardly", "times", "more"]);
});
