/** The report of a `lanes trace`: of one that has just ended, or of its recording. */

import { t } from "../i18n/index.ts";
import { durationText, numberText } from "../os/units.ts";
import type { TraceResult } from "../recording/results/trace-result.ts";
import type { TracedLane, TraceLanes } from "../recording/trace-lanes.ts";
import { traceFacts } from "../show/trace/trace-text.ts";
import { mostWaited, mostWaitedText } from "../show/trace/trace-waits.ts";
import { type Names, namesOf, verdictText } from "../show/trace/trace-words.ts";
import type { Chart } from "./chart/chart.ts";
import { clean } from "./chart/clean.ts";
import { traceChart } from "./chart/trace.ts";
import type { Report } from "./report.ts";

/** Of so many lanes it is said what they waited for. */
const MOST_WAITS = 5;

export interface ReportedTrace {
  readonly lanes: TraceLanes;
  /** Null if the recording was cut off before it. */
  readonly result: TraceResult | null;
  /** The command line as it was typed. */
  readonly argv: readonly string[];
  readonly parent: Chart["parent"];
  /** When the last thing happened that is known, ms. */
  readonly lastMs: number;
  /** When it was over; ms since the epoch. */
  readonly madeMs: number;
}

/** The report, in the language being spoken. @param segments of the chart, at most. */
export function traceReport(reported: ReportedTrace, segments?: number): Report {
  const { lanes, result, argv, parent, lastMs, madeMs } = reported;
  const chart = traceChart(lanes, parent, result?.wallMs ?? lastMs, segments);
  const names = namesOf(lanes.list(lastMs));
  const ok = result === null ? null : result.exitCode === 0;
  const line = argv.join(" ");
  return {
    title: clean(line, 120),
    summary: result === null ? t("replay.cutOff") : verdictText(result, names),
    params: [],
    ok,
    verdict: result === null ? "" : endText(result),
    madeMs,
    chart,
    facts: [...(result === null ? [] : factsOf(result, names)), ...waitsOf(lanes.list(lastMs), lastMs, names)],
    checks: [],
    notes: [],
    pictures: [],
    failures: (result?.failed ?? []).slice(0, 100).map(({ pid, command, exitCode, signal }) => ({
      what: clean(`${names(pid)} (pid ${pid}): ${signal ?? exitCode ?? "?"}`, 300),
      detail: command.slice(0, 4_000),
    })),
    failed: result?.failures ?? 0,
    commands: [[t("export.command"), clean(line, 4_000)]],
    code: [],
  };
}

function endText({ exitCode, signal }: TraceResult): string {
  if (signal !== null) return t("trace.export.killed", { signal });
  return t("trace.export.verdict", { code: exitCode ?? 0 });
}

/** What the lanes waited for, of those that waited longest: a page that shows no chart says so too. */
function waitsOf(lanes: readonly TracedLane[], nowMs: number, names: Names): Report["facts"] {
  const waited = lanes.map((lane) => ({ lane, ms: mostWaited(lane, nowMs)?.ms ?? 0 })).filter(({ ms }) => ms > 0);
  return waited
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, MOST_WAITS)
    .map(({ lane }) => [t("trace.fact.waited", { lane: lane.lane }), mostWaitedText(lane, nowMs, names)]);
}

function factsOf(result: TraceResult, names: (pid: number) => string): Report["facts"] {
  const facts: [string, string][] = [
    [t("trace.fact.processes"), numberText(result.processes)],
    [t("trace.fact.atOnce"), numberText(result.mostAtOnce)],
    [t("trace.fact.wall"), durationText(result.wallMs)],
    [t("trace.fact.cpu"), durationText(result.cpuMs)],
    ...traceFacts(result, names)
      .slice(0, -1)
      .map(([label, text]): [string, string] => [label, text]),
  ];
  return facts.map(([label, text]) => [label, clean(text, 400)]);
}
