import { expect, test } from "bun:test";
import { comparisonDocument } from "../../../src/compare/document.ts";
import { measuresOf, summaryOf } from "../../../src/compare/measures.ts";
import { affordable } from "../../../src/compare/series.ts";
import { loadDemos } from "../../../src/demos/catalog.ts";
import { comparisonOf, documentWith } from "../../support/recordings/comparison.ts";

test("measures are the numbers of a result, pids and what is inside lists apart, beside time and CPU", () => {
  const result = { lost: 3, killedPid: 7, pid: 8, list: [1, 2], deep: { n: 1 }, ok: true, none: null, bad: Number.NaN };
  expect(measuresOf({}, documentWith(result, { elapsedMs: 12, cpuMs: [1, 2.5] }))).toEqual({
    elapsedMs: 12,
    cpuMs: 3.5,
    lost: 3,
  });
  // What is not known of one process is not known of all.
  expect(measuresOf({}, documentWith({}, { elapsedMs: 12, cpuMs: [1, null] }))).toEqual({ elapsedMs: 12 });
});

test("a demo that says what its measures are is believed", () => {
  const demo = { measures: () => ({ "ipc.mbPerSecond": 5, share: null }) };
  expect(measuresOf(demo, documentWith({ lost: 3 }, { elapsedMs: 1, cpuMs: [] }))).toEqual({
    elapsedMs: 1,
    cpuMs: 0,
    "ipc.mbPerSecond": 5,
  });
});

test("a summary has every measure of any run, of the runs that have it", () => {
  const { a, b } = summaryOf([{ a: 1 }, { a: 3, b: 5 }]);
  expect(a).toMatchObject({ n: 2, mean: 2 });
  expect(b).toMatchObject({ n: 1, mean: 5, stddev: null });
});

test("by default as many runs as five seconds allow, three to ten of each", () => {
  expect(affordable([100, 100])).toBe(10);
  expect(affordable([300, 700])).toBe(5);
  expect(affordable([2_000, 4_000])).toBe(3);
  expect(affordable([0])).toBe(10);
});

test("the document: runs, what they come to, what was changed, ratios where they have a meaning", () => {
  const comparison = comparisonOf([100, 110], [400, 420]);
  const document = comparisonDocument(comparison);
  expect(Object.keys(document)).toEqual(["v", "demo", "ok", "params", "runs", "summary", "vs", "ratio", "warnings"]);
  expect(document).toMatchObject({ v: 1, demo: "race", ok: true, params: { lock: "off" } });
  expect(document.summary.elapsedMs).toEqual({ n: 2, mean: 105, stddev: 7.071, median: 105, min: 100, max: 110 });
  expect(document.vs).toMatchObject({ changed: { lock: "on" }, params: { lock: "on" } });
  expect(document.vs?.runs.map(({ elapsedMs }) => elapsedMs)).toEqual([400, 420]);
  expect(document.ratio?.elapsedMs?.value).toBeCloseTo(410 / 105, 4);
  expect(document.ratio?.lost).toEqual({ value: 0, error: 0 }); // 74 to 0
  const single = comparisonDocument(comparisonOf([100, 110]));
  expect(Object.keys(single)).toEqual(["v", "demo", "ok", "params", "runs", "summary", "warnings"]);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document as object); // nothing that JSON would lose
});

test("no demo's parameter is called like an option of every demo", async () => {
  const taken = [
    "runs",
    "vs",
    "dir",
    "json",
    "jsonl",
    "lang",
    "color",
    "ascii",
    "quiet",
    "help",
    "code",
    "html",
    "svg",
  ];
  for (const { name, params } of await loadDemos()) {
    for (const param of params) expect([name, taken.includes(param.name)]).toEqual([name, false]);
  }
});
