/** Several plays of a demo: real processes, in turns, and what is kept of them. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playSeries } from "../../../src/compare/series.ts";
import { loadDemo } from "../../../src/demos/catalog.ts";
import type { SeriesProgress } from "../../../src/recording/results/comparison.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { paramsOf } from "../../support/recordings/played.ts";

withExecutableChildren();

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-compare-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const never = new AbortController().signal;

test("two variants are played in turns, each in a folder of its own, and every run counts", async () => {
  const a = await paramsOf("race", { procs: 3, rounds: 3, gap: 0, mode: "staged" });
  const seen: SeriesProgress[] = [];
  const comparison = await playSeries(await loadDemo("race"), {
    variants: [a, { ...a, lock: "on" }],
    runs: 3,
    dir,
    signal: never,
    onProgress: (progress) => seen.push(progress),
  });
  const counts = seen.map(({ times }) => times.map((time) => time?.n ?? 0).join());
  expect(counts).toEqual(["0,0", "1,0", "1,1", "2,1", "2,2", "3,2", "3,3"]);
  expect(readdirSync(dir).toSorted()).toEqual(["a1", "a2", "a3", "b1", "b2", "b3"]);
  expect(readdirSync(join(dir, "b3"))).toEqual(["data.json"]);

  const [off, on] = comparison.series;
  expect(comparison.changed).toEqual({ lock: "on" });
  expect(off.summary.lost).toMatchObject({ n: 3, mean: 6, stddev: 0 });
  expect(on?.summary.lost).toMatchObject({ n: 3, mean: 0, stddev: 0 });
  expect(comparison.ratios.lost).toEqual({ value: 0, error: 0 });
  expect(comparison.ratios.actual).toEqual({ value: 3, error: 0 });
  for (const series of comparison.series) {
    const times = series.documents.map(({ elapsedMs }) => elapsedMs).toSorted((one, other) => one - other);
    expect(series.typical.document.elapsedMs).toBe(times[1]!); // the median run, with its recording
    expect(series.typical.recording.of("exit")).toHaveLength(3);
    expect(series.failed.size).toBe(0);
  }
});

test("left in the middle, it throws the reason, and no further run begins", async () => {
  const leaving = new AbortController();
  const reason = new Error("left");
  let done = 0;
  const playing = playSeries(await loadDemo("function"), {
    variants: [await paramsOf("function", { procs: 1, work: 0 })],
    runs: 1_000,
    signal: leaving.signal,
    onProgress: ({ times }) => {
      done = times[0]?.n ?? 0;
      if (done === 2) leaving.abort(reason);
    },
  });
  expect(await playing.catch((error: unknown) => error)).toBe(reason);
  expect(done).toBe(2);
});
