/** Comparisons made by hand: of runs that nobody played, with the times a test wants. */
import { summaryOf } from "../../../src/compare/measures.ts";
import { warningsOf } from "../../../src/compare/noise.ts";
import { changedParams, type PlayedComparison, type PlayedSeries } from "../../../src/compare/series.ts";
import { ratioOf, summarize } from "../../../src/compare/statistics.ts";
import type { Params } from "../../../src/demos/define.ts";
import type { DemoDocument } from "../../../src/demos/play.ts";
import { demo } from "../../../src/demos/race/demo.ts";
import { Recording } from "../../../src/recording/recording.ts";

/** A document of `race` with this result. */
export function documentWith(
  result: object,
  { elapsedMs, cpuMs }: { elapsedMs: number; cpuMs: readonly (number | null)[] },
): DemoDocument {
  const lanes = cpuMs.map((cpuMs, i) => ({
    lane: `P${i + 1}`,
    pid: 1001 + i,
    ppid: 1000,
    exitCode: 0,
    signal: null,
    startMs: 0,
    readyMs: 1,
    endMs: elapsedMs,
    cpuMs,
    maxRssKb: 1,
  }));
  const parent = { pid: 1000, ppid: 1 };
  return { v: 1, demo: "race", params: paramsOf("off"), ok: true, elapsedMs, parent, lanes, result };
}

/** Runs of `race` that took these times, and of `race` with the lock on that took those. */
export function comparisonOf(
  off: readonly number[],
  on?: readonly number[],
  load: number | null = null,
): PlayedComparison {
  const a = seriesOf(off, "off");
  const times = [off, ...(on === undefined ? [] : [on])].map((ms) => ({ ms, summary: summarize(ms) }));
  const warnings = warningsOf(times, load);
  const shown = demo as unknown as PlayedComparison["demo"];
  if (on === undefined) return { demo: shown, series: [a], changed: {}, ratios: {}, warnings };
  const b = seriesOf(on, "on");
  const ratios = Object.fromEntries(
    Object.keys(a.summary).flatMap((name) => {
      const ratio = ratioOf(b.summary[name]!, a.summary[name]!);
      return ratio === null ? [] : [[name, ratio]];
    }),
  );
  return { demo: shown, series: [a, b], changed: changedParams(a.params, b.params), ratios, warnings };
}

const paramsOf = (lock: string): Params => ({ procs: 2, rounds: 50, gap: 2, mode: "natural", lock });

function seriesOf(times: readonly number[], lock: "on" | "off"): PlayedSeries {
  const params = paramsOf(lock);
  const lost = lock === "on" ? 0 : 74;
  const documents = times.map((elapsedMs) => ({
    ...documentWith({ lost, actual: 100 - lost }, { elapsedMs, cpuMs: [10, 12] }),
    params,
  }));
  const recording = new Recording();
  for (const [i, lane] of ["P1", "P2"].entries()) {
    const stamp = { lane, pid: 1001 + i, ppid: 1000 };
    const end = documents[0]?.elapsedMs ?? 0;
    recording.sink({ ...stamp, type: "spawn", t: 1 });
    recording.sink({ ...stamp, type: "ready", t: 5 });
    recording.sink({ ...stamp, type: "exit", t: end - 1 - i, code: 0, signal: null });
  }
  const outcome = {
    result: {},
    facts: [{ label: "demo.race.fact.lost", value: String(lost) } as const],
    checks: [],
    pictures: [],
    suggestion: {},
    ...(lock === "on" ? { why: "demo.race.why.locked" as const } : {}),
  };
  return {
    params,
    documents,
    summary: summaryOf(
      documents.map(({ elapsedMs }) => ({ elapsedMs, cpuMs: 22, lost, actual: 100 - lost, expected: 100 })),
    ),
    typical: { demo: demo as unknown as PlayedComparison["demo"], document: documents[0]!, outcome, recording },
    failed: new Map(),
  };
}
