/** The line before a lock: who is next, and that a place is kept. */
import { afterEach, expect, test } from "bun:test";
import { existsSync, rmSync, statSync } from "node:fs";
import { hasLine, isExpected, lineUp, type TurnstilePlace, turnstileOf } from "../../../src/lock/wait/turnstile.ts";

const linux = process.platform === "linux";
const turnstile = turnstileOf(`/tmp/test-turnstile-${process.pid}`);
const places: TurnstilePlace[] = [];
const arrive = () => {
  const place = lineUp(turnstile);
  places.push(place);
  return place;
};
afterEach(() => {
  for (const place of places.splice(0)) place.leave();
  if (turnstile !== undefined) rmSync(turnstile, { force: true });
});

test.if(linux)("as many as come, also in one microsecond: each is first once those before it have left", () => {
  expect(hasLine(turnstile)).toBe(false);
  const line = Array.from({ length: 100 }, arrive);
  expect(hasLine(turnstile)).toBe(true);
  expect(isExpected(turnstile)).toBe(false); // in line, but nobody has gone to the lock yet
  line.forEach((place, index) => {
    expect(place.before()).toBeUndefined();
    expect(line.at(-1)?.before() === undefined).toBe(index === 99);
    expect(place.sleep()).toBe("first"); // would sleep for ever if somebody were before it
    expect(isExpected(turnstile)).toBe(true);
    places.shift();
    place.leave();
  });
  expect(hasLine(turnstile)).toBe(false);
  expect(statSync(turnstile ?? "").size).toBe(0);
});

test.if(linux)("whoever stands at the lock is named as the same as long as it does", () => {
  const [first, second, third] = [arrive(), arrive(), arrive()];
  first.sleep();
  const name = third.before();
  expect(second.before()).toBe(name);
  places.shift();
  first.leave();
  second.sleep();
  expect(third.before()).not.toBe(name);
});

test.if(linux)("a turnstile that was removed under a line is made anew: the order suffers, nothing else", () => {
  arrive().sleep();
  rmSync(turnstile ?? "");
  expect(hasLine(turnstile)).toBe(false);
  expect(arrive().sleep()).toBe("first");
  expect(existsSync(turnstile ?? "")).toBe(true);
});

test("without a turnstile everybody is first", () => {
  expect([hasLine(undefined), isExpected(undefined)]).toEqual([false, false]);
  const place = lineUp(undefined);
  expect(place.sleep()).toBe("first");
  place.leave();
});
