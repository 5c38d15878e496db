import { expect, test } from "bun:test";
import fc from "fast-check";
import { demoNames } from "../../../src/demos/catalog.ts";
import { nextInCourse, progressOf } from "../../../src/progress/course.ts";
import type { Play } from "../../../src/recording/results/plays.ts";

const play = (demo: string, more: Partial<Play> = {}): Play => ({ demo, at: 0, params: {}, ok: true, ...more });

test("next is the first that was never played, from the one played last on, and round the end", () => {
  const course = ["a", "b", "c", "d"];
  const next = (...played: string[]) =>
    nextInCourse(
      course,
      played.map((name) => play(name)),
    );
  expect(next()).toBe("a");
  expect(next("a")).toBe("b");
  expect(next("c")).toBe("d");
  expect(next("a", "d")).toBe("b");
  expect(next("d", "b", "a")).toBe("c");
  expect(next("c", "unknown")).toBe("d");
  expect(next("a", "b", "c", "d")).toBeUndefined();
});

test("whoever follows it comes through the whole course, in order, and then there is nothing left", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...demoNames)), (before) => {
      const plays = before.map((name) => play(name));
      const left = demoNames.filter((name) => !before.includes(name));
      for (let next = nextInCourse(demoNames, plays); next !== undefined; next = nextInCourse(demoNames, plays)) {
        expect(left).toContain(next);
        left.splice(left.indexOf(next), 1);
        plays.push(play(next));
      }
      expect(left).toEqual([]);
    }),
  );
});

test("predictions count where one was made and there was something to predict; the newest play is the last added", () => {
  const [race, mutex] = progressOf(
    ["race", "mutex"],
    [
      play("race", { predicted: "all", answer: "less" }),
      play("race", { predicted: "less", answer: "less" }),
      play("race", { predicted: "less" }),
      play("race", { answer: "less", ok: false }),
      play("other", { predicted: "x", answer: "x" }),
    ],
  );
  expect(race).toMatchObject({ plays: 4, right: 1, wrong: 1, last: { ok: false } });
  expect(mutex).toEqual({ demo: "mutex", plays: 0, right: 0, wrong: 0, last: undefined });
});
