/** The report of a `lanes explore`: the outcomes, and the smallest wrong order as lanes, a unit of time a step. */
import { t } from "../i18n/index.ts";
import { durationText, numberText } from "../os/units.ts";
import type { ExploreResult, SmallestOrder } from "../recording/results/explore-result.ts";
import type { Picture } from "../recording/results/outcome.ts";
import { tellingSteps } from "../show/trace/explore-text.ts";
import {
  exploredStepText,
  exploreNotes,
  exploreVerdict,
  outcomeText,
  sentenceOf,
} from "../show/trace/explore-words.ts";
import { commandText } from "../show/trace/trace-words.ts";
import { ChartBuilder } from "./chart/builder.ts";
import type { Chart, ChartState } from "./chart/chart.ts";
import { clean } from "./chart/clean.ts";
import type { Report } from "./report.ts";

/** Steps that stand in the page's table. */
const ROWS = 300;

/** The report, in the language being spoken. */
export function exploreReport(result: ExploreResult, argv: readonly string[], madeMs: number): Report {
  const { smallest, ok, runs, orders, processes, elapsedMs, outcomes, strategy, seed } = result;
  const line = argv.join(" ");
  const notes = exploreNotes(result).map((note) => [t("explore.note"), clean(note, 600)] as const);
  const command = `lanes explore --replay ${smallest?.order ?? "0"} ${result.command.join(" ")}`;
  return {
    title: clean(line, 120),
    summary: clean(exploreVerdict(result), 600),
    params: [`seed ${seed}`, `strategy ${strategy}`],
    ok,
    verdict: clean(smallest === null ? exploreVerdict(result) : sentenceOf(smallest), 600),
    madeMs,
    chart: chartOf(smallest),
    facts: [
      [t("explore.fact.runs"), numberText(runs)],
      [t("explore.fact.orders"), numberText(orders)],
      [t("explore.fact.processes"), numberText(processes)],
      [t("explore.fact.outcomes"), numberText(outcomes.length)],
      [t("explore.fact.elapsed"), durationText(elapsedMs)],
    ],
    checks: [],
    notes: [...(smallest === null ? [] : [[t("explore.why"), clean(sentenceOf(smallest), 600)] as const]), ...notes],
    pictures: [outcomeTable(result), ...(smallest === null ? [] : [stepTable(smallest)])],
    failures: [],
    failed: 0,
    commands: [
      [t("export.command"), clean(line, 4_000)],
      ...(smallest === null ? [] : [[t("explore.again"), clean(command, 4_000)] as const]),
    ],
    code: [],
  };
}

function outcomeTable({ outcomes }: ExploreResult): Picture {
  return {
    kind: "table",
    columns: [
      t("explore.column.count"),
      t("explore.column.right"),
      t("explore.column.outcome"),
      t("explore.column.order"),
    ],
    rows: outcomes.slice(0, ROWS).map((outcome) => {
      const { count, right, order } = outcome;
      const short = order.length > 60 ? `${order.slice(0, 60)}…` : order;
      return [String(count), right ? "✓" : "✗", clean(outcomeText(outcome), 300), short];
    }),
  };
}

function stepTable(smallest: SmallestOrder): Picture {
  return {
    kind: "table",
    columns: [t("explore.column.step"), t("explore.column.lane"), "pid", t("explore.column.what")],
    rows: tellingSteps(smallest, ROWS).map(({ at, step }) => [
      String(at),
      step.lane,
      String(step.pid),
      clean(exploredStepText(step), 200),
    ]),
  };
}

const READS: ReadonlySet<string> = new Set(["read", "stat", "readdir"]);

/** A lane a process; each of its steps is a stretch as long as any other: real time means nothing here. */
function chartOf(smallest: SmallestOrder | null): Chart {
  const builder = new ChartBuilder({ unit: "stretches", parent: { pid: process.pid, ppid: process.ppid } });
  if (smallest === null) return builder.build();
  for (const { lane, pid, ppid, command } of smallest.processes) {
    const built = builder.lane(lane);
    if (built === undefined) continue;
    [built.pid, built.ppid] = [pid, ppid];
    const own = smallest.steps.flatMap((step, at) => (step.lane === lane ? [at] : []));
    const [fromMs, toMs] = [own[0] ?? 0, (own.at(-1) ?? 0) + 1];
    built.addLife({ pid, ppid, fromMs, toMs, ending: clean(commandText(command), 60), failed: false });
  }
  for (const [at, step] of smallest.steps.entries()) {
    const state: ChartState = READS.has(step.call) ? "reads" : step.call === "goes on" ? "waits" : "runs";
    builder.add(step.lane, {
      fromMs: at,
      toMs: at + 1,
      pid: step.pid,
      state,
      label: clean(exploredStepText(step), 120),
    });
  }
  builder.reach(smallest.steps.length);
  return builder.build();
}
