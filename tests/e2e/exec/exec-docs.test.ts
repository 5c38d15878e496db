/** docs/multiprocessing.md: its listings are those of `lanes init --tutorial`, in both languages, and do what the text says. */

import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { program } from "../../support/program.ts";
import { root } from "../../support/root.ts";

const listings = (page: string) =>
  [...readFileSync(join(root, "docs", page), "utf8").matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(
    ([, name = "", text = ""]) => [name, text] as const,
  );
const english = listings("multiprocessing.md");

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const tutorial = ["1-function.ts", "2-class.ts", "3-race.ts", "4-mutex.ts"];

test("the pages have the same listings, and lanes init the first four", () => {
  expect(english.map(([name]) => name)).toEqual([...tutorial, "queue.ts", "pool.ts", "errors.ts"]);
  expect(listings("multiprocessing.zh-CN.md")).toEqual(english);
  for (const [name, text] of english.slice(0, tutorial.length))
    expect(readFileSync(join(root, "src/commands/init/tutorial", name), "utf8")).toBe(text);
});

const shows: Readonly<Record<string, (lines: readonly string[]) => void>> = {
  "1-function.ts": (lines) => {
    const [main = "", parents, pids] = [
      lines.at(-1),
      lines.map((line) => /my parent is (\d+)/.exec(line)?.[1]),
      lines.map((line) => /I am process (\d+)/.exec(line)?.[1]),
    ];
    expect(main).toStartWith("main: I am process ");
    expect(parents.slice(0, 3)).toEqual(Array(3).fill(pids[3]));
    expect(new Set(pids).size).toBe(4);
  },
  "2-class.ts": (lines) =>
    expect(lines).toEqual([expect.stringMatching(/^hello Ada, I am process \d+ \(Greeter-1\)$/), "main: exit code 0"]),
  "3-race.ts": (lines) => expect(lines.filter((line) => line.endsWith("has a ticket")).length).toBeGreaterThan(1),
  "4-mutex.ts": (lines) =>
    expect([lines.filter((line) => line.endsWith("has a ticket")).length, lines.length]).toEqual([1, 4]),
  "queue.ts": (lines) => expect(lines).toEqual(["30"]),
  "errors.ts": (lines) =>
    expect([...lines.slice(0, 3), ...lines.slice(3).sort()]).toEqual([
      ...["1", "failed: 3 is odd", "2"],
      ...["3", "4", "item 1 failed"],
    ]),
  "pool.ts": (lines) => expect(lines).toEqual(["49", "[ 1, 4, 9, 16 ]", "25", "36"]),
};

/** The pause in which all are to have read the same number: on a busy machine four processes need longer to start. */
const unhurried = (name: string, text: string) =>
  name === "3-race.ts" ? text.replace("Bun.sleep(200)", "Bun.sleep(2_000)") : text;

test.each(english)("%s", async (name, text) => {
  const { code, stdout, stderr } = await place.run(["exec", program(place, unhurried(name, text), name)]);
  expect([code, stderr]).toEqual([0, ""]);
  shows[name]?.(stdout.trimEnd().split("\n"));
});
