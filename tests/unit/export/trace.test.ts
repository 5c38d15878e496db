import { expect, test } from "bun:test";
import { ChartBuilder } from "../../../src/export/chart/builder.ts";
import type { Chart } from "../../../src/export/chart/chart.ts";
import { traceFileText } from "../../../src/export/trace.ts";
import { chartOf, event, handOver, parent, reportOf } from "../../support/recordings/charts.ts";
import { played } from "../../support/recordings/played.ts";
import { faultsOf, type Trace } from "../../support/recordings/trace.ts";

const traceOf = (chart: Chart, title = "a demo") =>
  JSON.parse([...traceFileText(reportOf(chart, { title }))].join("")) as Trace & { otherData: { title: string } };

test("the checks find what they are for", () => {
  const slice = { name: "a", ph: "X", pid: 1, tid: 1, ts: 0, dur: 10 };
  const name = { name: "thread_name", ph: "M", pid: 1, tid: 1, ts: 0 };
  const faults = (...traceEvents: Trace["traceEvents"]) => faultsOf({ traceEvents: [name, ...traceEvents] });
  expect(faults(slice, { ...slice, ts: 2, dur: 8 })).toEqual([]);
  expect(faults(slice, { ...slice, ts: 2, dur: 9 })).toHaveLength(1);
  expect(faults({ ...slice, ts: 3 }, { ...slice, ts: 2 })).toContain("1/1: a goes back in time");
  expect(faults(slice, { ...slice, ph: "s", id: 1, ts: 1 })).toContain("arrow 1 is not a pair");
  expect(faults(slice, { ...slice, ph: "s", id: 1, ts: 1 }, { ...slice, ph: "f", bp: "e", id: 1, ts: 20 })).toContain(
    "arrow 1 hangs in the air",
  );
  expect(faults({ ...slice, tid: 2 })).toContain("1/2 has no name");
  expect(faults({ ...slice, ts: 0.5 })).toHaveLength(1);
});

test("slices nest, arrows pair, numbers count", () => {
  const trace = traceOf(chartOf(handOver), 'a "demo" </script>');
  expect(faultsOf(trace)).toEqual([]);
  const of = (ph: string) => trace.traceEvents.filter((event) => event.ph === ph);
  expect(of("M").find(({ name, pid }) => name === "process_name" && pid === 101)?.args).toEqual({
    name: 'P1 · a "demo" </script>',
  });
  expect(
    of("X")
      .filter(({ pid }) => pid === 101)
      .map(({ name, ts, dur }) => [name, ts, dur]),
  ).toEqual([
    ["P1 (pid 101)", 1000, 14000],
    ["starts", 1000, 2000],
    ["runs", 3000, 2000],
    ["holds", 5000, 4000],
    ["runs", 9000, 4000],
    ["holds", 13000, 2000],
  ]);
  expect(
    of("s")
      .filter(({ name }) => name === "lock a.lock")
      .map(({ pid, ts }) => [pid, ts]),
  ).toEqual([
    [101, 8999],
    [102, 11999],
    [101, 14999],
  ]);
  expect(
    of("f")
      .filter(({ name }) => name === "lock a.lock")
      .map(({ pid, ts }) => [pid, ts]),
  ).toEqual([
    [102, 10000],
    [101, 13000],
    [102, 16000],
  ]);
  expect(of("C").map(({ name, args }) => [name, args])).toEqual([
    ["count", { value: 1 }],
    ["count", { value: 2 }],
  ]);
  expect(trace.otherData.title).toBe('a "demo" </script>');
});

test("lanes without a pid of their own, or with the same, are told apart", () => {
  const trace = traceOf(
    chartOf([
      event(0, "P1", "spawn", { pid: 7 }),
      event(1, "P2", "spawn", { pid: 7 }),
      event(2, "P3", "spawn", { pid: 0 }),
    ]),
  );
  expect(faultsOf(trace)).toEqual([]);
  expect(new Set(trace.traceEvents.filter(({ ph }) => ph === "X").map(({ tid }) => tid)).size).toBe(3);
});

test("jobs put together say how many they are, and how many failed", () => {
  const builder = new ChartBuilder({ unit: "jobs", parent, segments: 100 });
  for (let i = 0; i < 10_000; i++) {
    builder.add(`P${(i % 2) + 1}`, {
      fromMs: i,
      toMs: i + 1.5,
      state: "runs",
      label: "job",
      pid: i,
      failed: Number(i === 5_001),
    });
  }
  const trace = traceOf(builder.build());
  expect(faultsOf(trace)).toEqual([]);
  const slices = trace.traceEvents.filter(({ ph }) => ph === "X");
  expect(slices.length).toBeLessThanOrEqual(100);
  expect(slices.reduce((sum, { args }) => sum + Number(args?.count ?? 1), 0)).toBe(10_000);
  expect(slices.filter(({ args }) => args?.failed === 1).map(({ name }) => name)).toEqual([
    expect.stringMatching(/^\d+ jobs, 1 failed: runs \d+ %$/),
  ]);
});

test("the trace of a demo that was really played", async () => {
  const { recording } = await played("mutex", { procs: 3, rounds: 5, samples: 1, gap: 0 });
  const trace = traceOf(chartOf(recording.events(), "count"));
  expect(faultsOf(trace)).toEqual([]);
  expect(trace.traceEvents.filter(({ ph, name }) => ph === "X" && name === "holds").length).toBe(15);
});
