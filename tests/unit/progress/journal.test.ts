import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { addPlay, journalFile, readJournal, reasonOf, removeJournal } from "../../../src/progress/journal.ts";
import { lineOf, readPlay } from "../../../src/progress/play.ts";
import type { Play } from "../../../src/recording/results/plays.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lanes-journal-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const file = () => journalFile({ HOME: home }) ?? "";
const play = (demo: string, more: Partial<Play> = {}): Play => ({
  demo,
  at: 1_700_000_000_000,
  params: {},
  ok: true,
  ...more,
});
const names = () => readJournal(file()).plays.map(({ demo }) => demo);

const anyPlay = fc.record(
  {
    demo: fc.string(),
    at: fc.integer({ min: 0, max: 4e12 }),
    params: fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
      fc.oneof(fc.integer(), fc.string()),
      { noNullPrototype: true },
    ),
    ok: fc.boolean(),
    predicted: fc.string(),
    answer: fc.string(),
    fact: fc.record({ label: fc.string(), value: fc.string() }, { noNullPrototype: true }),
  },
  { requiredKeys: ["demo", "at", "params", "ok"], noNullPrototype: true },
);

test("a play is one line, and comes back from it as it was", () => {
  fc.assert(
    fc.property(anyPlay, (made) => {
      const line = lineOf(made);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(readPlay(line.trimEnd())).toEqual(made);
    }),
  );
});

test("whatever a line holds, it is a play or it is none", () => {
  const nearly = fc.record({
    v: fc.constantFrom(1, 2),
    at: fc.anything(),
    demo: fc.anything(),
    params: fc.anything(),
    ok: fc.anything(),
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        nearly.map((value) => JSON.stringify(value)),
      ),
      (line) => {
        const found = readPlay(line);
        if (found !== undefined) expect(readPlay(lineOf(found).trimEnd())).toEqual(found);
      },
    ),
  );
});

test("a line of a newer version, a damaged one and a torn one are skipped, stay, and harm no other", () => {
  addPlay(file(), play("race"));
  const newer = `{"v":2,"demo":"mutex","at":"2026-01-01T00:00:00Z","params":{},"ok":true}\n`;
  appendFileSync(file(), `${newer}\0\xff\n{"v":1,"demo":"cra`);
  addPlay(file(), play("mutex"));
  addPlay(file(), play("crash"));
  expect(readJournal(file())).toMatchObject({ skipped: 3, trouble: undefined });
  expect(names()).toEqual(["race", "mutex", "crash"]);
});

test("nothing there yet, and an empty file, are no trouble", () => {
  expect(readJournal(file())).toEqual({ plays: [], skipped: 0, trouble: undefined });
  expect(removeJournal(file())).toBe(false);
  addPlay(file(), play("race"));
  truncateSync(file(), 0);
  addPlay(file(), play("mutex"));
  expect(names()).toEqual(["mutex"]);
  expect(removeJournal(file())).toBe(true);
  expect(names()).toEqual([]);
});

test("only its owner may read it", () => {
  addPlay(file(), play("race"));
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(statSync(join(file(), "..")).mode & 0o777).toBe(0o700);
});

test("1 GiB: the newest plays are read, in bounded time", () => {
  addPlay(file(), play("race"));
  truncateSync(file(), 2 ** 30); // sparse: it takes no room
  addPlay(file(), play("mutex"));
  const before = process.memoryUsage.rss();
  expect(names()).toEqual(["mutex"]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
});

test.each([
  ["a folder in its place", () => mkdirSync(file(), { recursive: true }), "EISDIR"],
  ["a file where its folder should be", () => writeFileSync(join(home, ".local"), ""), "ENOTDIR"],
  ["a link to itself", () => linkTo(file()), "ELOOP"],
  ["a device", () => linkTo("/dev/null"), "EINVAL"],
  [
    "a pipe that nobody writes to",
    () => {
      Bun.spawnSync(["mkfifo", join(home, "pipe")]);
      linkTo(join(home, "pipe"));
    },
    "EINVAL",
  ],
] as const)("%s is said, and nothing waits for it", (_, make, reason) => {
  make();
  expect(readJournal(file())).toEqual({ plays: [], skipped: 0, trouble: reason });
  try {
    addPlay(file(), play("race"));
    expect.unreachable();
  } catch (error) {
    expect(reasonOf(error)).toMatch(/^(EISDIR|ENOTDIR|EEXIST|ELOOP|EINVAL)$/);
  }
});

test("a link to a file elsewhere is followed", () => {
  linkTo(join(home, "elsewhere"));
  addPlay(file(), play("race"));
  addPlay(file(), play("mutex"));
  expect(names()).toEqual(["race", "mutex"]);
  expect(statSync(join(home, "elsewhere")).size).toBeGreaterThan(0);
});

test("the place: XDG_STATE_HOME if it is absolute, else below a home folder that is there, else none", () => {
  expect(journalFile({ XDG_STATE_HOME: "/s", HOME: home })).toBe("/s/lanes/progress.jsonl");
  expect(journalFile({ XDG_STATE_HOME: "s", HOME: home })).toBe(`${home}/.local/state/lanes/progress.jsonl`);
  expect(journalFile({ XDG_STATE_HOME: "", HOME: "" })).toBeUndefined();
  expect(journalFile({ HOME: "relative" })).toBeUndefined();
  expect(journalFile({ HOME: `${home}/missing` })).toBeUndefined();
  expect(journalFile({})).toBeUndefined();
  symlinkSync(join(home, "loop"), join(home, "loop"));
  writeFileSync(join(home, "file"), "");
  for (const name of ["loop", "file"]) expect(journalFile({ HOME: join(home, name) })).toBeUndefined();
});

test("processes that add at the same time lose nothing", async () => {
  const each = 1500; // long enough for all of them to be at it
  const adders = ["a", "b", "c"].map((name) =>
    Bun.spawn([process.execPath, join(import.meta.dir, "../../fixtures/add-plays.ts"), file(), name, String(each)], {
      stdio: ["ignore", "inherit", "inherit"],
    }),
  );
  for (const adder of adders) expect(await adder.exited).toBe(0);
  const { plays, skipped } = readJournal(file());
  expect(skipped).toBe(0);
  for (const name of ["a", "b", "c"]) {
    const own = plays.filter(({ demo }) => demo === name).map(({ params }) => params.n);
    expect(own).toEqual(Array.from({ length: each }, (_, n) => n));
  }
});

function linkTo(target: string): void {
  mkdirSync(join(file(), ".."), { recursive: true });
  symlinkSync(target, file());
}
