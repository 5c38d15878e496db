/** The report of a demo: one that was just played, or one whose recording was kept. */
import { message, said, t } from "../i18n/index.ts";
import type { LaneEvent } from "../recording/event.ts";
import type { Params, ShownDemo } from "../recording/results/demo.ts";
import type { Told } from "../recording/results/outcome.ts";
import { demoCommand, demoWords, listingsOf } from "../show/words.ts";
import type { Chart } from "./chart/chart.ts";
import { clean, shortValueText } from "./chart/clean.ts";
import { demoChart } from "./chart/demo.ts";
import type { Report } from "./report.ts";

/** What is known of it. */
export interface ReportedDemo {
  readonly demo: ShownDemo;
  readonly params: Params;
  /** Null if the recording does not say. */
  readonly ok: boolean | null;
  readonly elapsedMs: number;
  readonly parent: Chart["parent"];
  /** In the order of time. */
  readonly events: readonly LaneEvent[];
  /** The `result` of the document: shown as it is where there is no outcome. */
  readonly result?: object;
  /** What is told of it; an old recording does not have it, only the result. */
  readonly outcome?: Told;
  /** When it was over; ms since the epoch. */
  readonly madeMs: number;
}

/** The report, in the language being spoken. @param segments of the chart, at most. */
export function demoReport(played: ReportedDemo, segments?: number): Report {
  const { demo, params, ok, outcome, madeMs } = played;
  const { name } = demo;
  const why = outcome?.why === undefined ? demoWords(name, "why", params) : message(outcome.why);
  const suggestion = { ...params, ...outcome?.suggestion };
  return {
    title: `${demoWords(name, "title") || name} (${name})`,
    summary: demoWords(name, "summary", params),
    params: demo.params.map((param) => paramText(param, params)),
    ok,
    verdict: t(ok === false ? "export.notOk" : "export.ok"),
    madeMs,
    chart: chartOf(played, segments),
    facts:
      outcome?.facts.map(({ label, value }) => [message(label), clean(said(value))] as const) ?? scalars(played.result),
    checks: outcome?.checks.map(({ label, ok }) => ({ text: message(label), ok })) ?? [],
    notes: [
      [t("view.watch"), demoWords(name, "watch", params)] as const,
      ...(outcome === undefined ? [] : [[t("view.why"), why] as const]),
    ].filter(([, text]) => text !== ""),
    pictures: outcome?.pictures ?? [],
    failures: [],
    failed: 0,
    commands: [
      [t("export.command.again"), demoCommand(demo, params, outcome?.on)],
      ...(outcome === undefined ? [] : [[t("view.tryNext"), demoCommand(demo, suggestion, outcome.on)] as const]),
      [t("view.ownWork"), outcome?.command ?? demo.command],
    ],
    code: listingsOf(demo, params),
  };
}

function chartOf({ demo, events, elapsedMs, parent, outcome }: ReportedDemo, segments?: number): Chart {
  const parts = outcome?.pictures.flatMap((picture) => (picture.kind === "timelines" ? picture.parts : [])) ?? [];
  const phases = parts.map(({ title, ...part }) => ({ title: said(title), ...part }));
  return demoChart({ events, shared: demo.shared?.label, elapsedMs, parent, phases }, segments);
}

function paramText(param: ShownDemo["params"][number], params: Params): string {
  const unit = param.kind === "number" && param.unit !== undefined ? ` ${param.unit}` : "";
  return `${param.name} ${clean(String(params[param.name] ?? param.default), 40)}${unit}`;
}

/** The numbers and words of a result, by their names: what can be said of it without knowing what it means. */
export function scalars(result: object = {}): (readonly [string, string])[] {
  return Object.entries(result).flatMap(([name, value]) =>
    typeof value === "object" && value !== null ? [] : [[clean(name, 40), shortValueText(value)] as const],
  );
}
