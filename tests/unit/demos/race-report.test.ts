import { expect, test } from "bun:test";
import { type RaceResult, raceFacts, raceWhy } from "../../../src/demos/race/report.ts";
import { message } from "../../../src/i18n/index.ts";

const nothingLost: RaceResult = {
  mode: "natural",
  expected: 400,
  actual: 400,
  lost: 0,
  unreadable: 0,
  leftReadable: true,
  maxHolders: 0,
  example: null,
};

test("a race that lost nothing is not explained as one that did", () => {
  expect(raceWhy(nothingLost, 4, false)).toEqual({ why: "demo.race.why.lucky" });
  expect(raceWhy({ ...nothingLost, expected: 100, actual: 100 }, 1, false)).toEqual({ why: "demo.race.why.alone" });
  expect(raceWhy({ ...nothingLost, actual: 390, lost: 10 }, 4, false)).toEqual({});
  expect(raceWhy(nothingLost, 4, true)).toEqual({ why: "demo.race.why.locked" });
  expect(raceWhy(nothingLost, 1, true)).toEqual({ why: "demo.race.why.alone" });
});

test("the number of updates lost is the fact, and the advice is not in its label", () => {
  expect(raceFacts(nothingLost, undefined)).toContainEqual({ label: "demo.race.fact.lost", value: "0" });
  expect(raceFacts({ ...nothingLost, actual: 100, lost: 300 }, undefined)).toContainEqual({
    label: "demo.race.fact.lost",
    value: "300 (75 %)",
  });
});

test("one process is no plural, and what to watch claims no loss before the run", () => {
  expect(message("demo.race.predict", { procs: 1, rounds: 1, lock: "off" })).toStartWith(
    "1 process adds 1, 1 time, to one",
  );
  expect(message("demo.mutex.predict", { procs: 1, rounds: 5, gap: 0 })).toStartWith("1 process adds 1, 5 times, ");
  expect(message("demo.race.watch", {})).toEndWith("?");
});
