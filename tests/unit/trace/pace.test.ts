/** How soon the sampler looks again: by what looking costs, and not by what one look happened to. */
import { expect, test } from "bun:test";
import { Pace } from "../../../src/trace/pace.ts";

const pauses = (...costs: number[]) => {
  const pace = new Pace();
  return costs.map((cost) => pace.afterLook(cost));
};

test("what a first look costs says nothing: the next comes soon", () => {
  expect(pauses(60)).toEqual([4]);
  expect(pauses(0.06, 12, 0.06)).toEqual([4, 4, 4]);
});

test("looking costs one and a half per cent of the time, from 4 to 250 ms", () => {
  const [, second = 0, third = 0, fourth = 0] = pauses(0.3, 0.3, 1.5, 1.5);
  expect(second).toBeCloseTo(20);
  expect(third).toBeCloseTo(20); // one dear look may have lost its core; two have not
  expect(fourth).toBeCloseTo(100);
  expect(pauses(9, 9, 9)).toEqual([4, 250, 250]);
});

test("where looking becomes cheap again, it is done more often at once", () => {
  expect(pauses(9, 9, 0.06)).toEqual([4, 250, 4]);
});
