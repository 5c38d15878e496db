/** Recordings that were kept: those of lanes 1.1.0, which say less, and those that were cut off. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDemo } from "../../../src/demos/catalog.ts";
import { savedReport } from "../../../src/export/report-saved.ts";
import { isMessageKey } from "../../../src/i18n/index.ts";
import { readSaved } from "../../../src/recording/saved.ts";

const folder = mkdtempSync(join(tmpdir(), "kept-"));
afterAll(() => rmSync(folder, { recursive: true }));

const where = '"pid":10,"ppid":9';
const head = (of: string) => `{"type":"recording","v":1,"t":0,"lane":"main",${where},${of},"lanes":"1.1.0"}`;

const oldRun = [
  head('"of":"run"'),
  `{"type":"spawn","t":2.1,"lane":"P1",${where},"seq":1,"attempt":1,"command":"exit 0"}`,
  `{"type":"spawn","t":5.2,"lane":"P2",${where},"seq":2,"attempt":1,"command":"exit 3"}`,
  `{"type":"exit","t":6.5,"lane":"P1",${where},"seq":1,"command":"exit 0","code":0,"signal":null,"timedOut":false,"attempt":1,"ms":4.2,"stopped":false,"retry":false}`,
  `{"type":"exit","t":7.5,"lane":"P2",${where},"seq":2,"command":"exit 3","code":3,"signal":null,"timedOut":false,"attempt":1,"ms":2.1,"stopped":false,"retry":false}`,
];
const oldRunResult =
  '{"type":"result","t":9,"v":1,"jobs":2,"ok":1,"failed":1,"retried":0,"timedOut":0,"skipped":0,"stopped":0,"notStarted":0,"slots":2,"wallMs":9,"jobsMs":6.3,"cpuMs":2,"maxRssKb":null,"efficiency":0.4,"failures":[{"seq":2,"command":"exit 3","code":3,"signal":null,"timedOut":false,"attempt":1,"ms":2.1,"stderr":"why"}]}';

const oldMap = [
  head('"of":"map"'),
  `{"type":"spawn","t":1,"lane":"P1",${where}}`,
  `{"type":"ready","t":5,"lane":"P1",${where}}`,
  `{"type":"fail","index":1,"attempts":1,"error":{"name":"Error","message":"no b","stack":"","kind":"throw"},"t":6,"lane":"P1",${where}}`,
  `{"type":"chunk","first":0,"count":2,"ms":0.9,"t":7,"lane":"P1",${where}}`,
];

async function reportOf(lines: readonly string[], demo?: "race") {
  const file = join(folder, "kept.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return savedReport(await readSaved(file, isMessageKey), demo && (await loadDemo(demo)), 0);
}

test("a run of lanes 1.1.0: all but its command line", async () => {
  const { title, ok, failed, failures, facts, commands, chart, summary } = await reportOf([...oldRun, oldRunResult]);
  expect([title, ok, failed, summary]).toEqual(["lanes run", false, 1, ""]);
  expect(failures).toEqual([{ what: "job 2 failed (exit code 3): exit 3", detail: "why" }]);
  expect(facts.map(([label, value]) => `${label} ${value}`)).toContain("jobs 2");
  expect(commands).toEqual([]);
  expect([chart.unit, chart.endMs, chart.lanes.length]).toEqual(["jobs", 9, 2]);
});

test("a run that was cut off: what failed until then, and that it was", async () => {
  const { ok, failed, failures, facts, summary, chart } = await reportOf(oldRun);
  expect([ok, failed, facts.length, chart.endMs]).toEqual([false, 1, 0, 7.5]);
  expect(failures).toEqual([{ what: "job 2 failed (exit code 3): exit 3", detail: "" }]);
  expect(summary).toContain("cut off");
  expect((await reportOf(oldRun.slice(0, 3))).ok).toBeNull();
});

test("a result that cannot be read is none", async () => {
  const damaged = oldRunResult.replace('"jobs":2', '"jobs":"two"');
  expect((await reportOf([...oldRun, damaged])).summary).toContain("cut off");
});

test("a map of lanes 1.1.0: its failures without the items' texts", async () => {
  const { title, ok, failed, failures, chart } = await reportOf(oldMap);
  expect([title, ok, failed]).toEqual(["lanes map", false, 1]);
  expect(failures).toEqual([{ what: "item 2 failed: Error: no b", detail: "" }]);
  expect(chart.lanes[0]?.segments.map(({ state, label }) => [state, label])).toEqual([
    ["starts", ""],
    ["runs", "items 1–2"],
  ]);
});

test("a demo of lanes 1.1.0: the numbers of its result", async () => {
  const { facts, checks, ok, chart } = await reportOf(
    [
      head('"of":"demo","demo":"race","params":{"procs":2}'),
      `{"type":"run","t":1,"lane":"main",${where}}`,
      '{"type":"result","t":3,"v":1,"demo":"race","params":{"procs":2},"ok":true,"elapsedMs":3,"result":{"lost":7,"example":null}}',
    ],
    "race",
  );
  expect(facts).toEqual([
    ["lost", "7"],
    ["example", "null"],
  ]);
  expect([checks.length, ok, chart.endMs]).toEqual([0, true, 3]);
});
