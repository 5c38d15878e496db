/** The report of a recording that was kept: what would have been exported while it was made, as far as it goes. */
import { t } from "../i18n/index.ts";
import type { LaneEvent } from "../recording/event.ts";
import type { ShownDemo } from "../recording/results/demo.ts";
import { mapResultOf } from "../recording/results/map-result.ts";
import { runResultOf } from "../recording/results/run-result.ts";
import { traceResultOf } from "../recording/results/trace-result.ts";
import type { Saved } from "../recording/saved.ts";
import { TraceLanes } from "../recording/trace-lanes.ts";
import type { Chart } from "./chart/chart.ts";
import { clean } from "./chart/clean.ts";
import { demoChart } from "./chart/demo.ts";
import { MapChart } from "./chart/map.ts";
import { RunChart } from "./chart/run.ts";
import type { Report } from "./report.ts";
import { demoReport, scalars } from "./report-demo.ts";
import { mapReport } from "./report-map.ts";
import { runReport } from "./report-run.ts";
import { traceReport } from "./report-trace.ts";

/**
 * The report, in the language being spoken.
 * @param demo the demo that was recorded, if it is one this lanes has.
 * @param madeMs when it was recorded; ms since the epoch.
 * @param segments of a demo's chart, at most.
 */
export function savedReport(saved: Saved, demo: ShownDemo | undefined, madeMs: number, segments?: number): Report {
  const { header, result } = saved;
  const { of, argv = null, unit = "item" } = header;
  if (of === "run") {
    const whole = runResultOf(result);
    const record = charted(saved, new RunChart(header), whole?.wallMs);
    return runReport({ of, argv, result: whole, ...record, madeMs });
  }
  if (of === "map") {
    const whole = mapResultOf(result);
    const record = charted(saved, new MapChart(header), whole?.elapsedMs);
    return mapReport({ of, argv, result: whole, ...record, unit, madeMs });
  }
  if (of === "trace") {
    const { pid, ppid } = header;
    const lanes = new TraceLanes();
    for (const event of saved.events) lanes.add(event as LaneEvent<"trace">); // they were read by its table
    const whole = traceResultOf(result);
    return traceReport(
      {
        lanes,
        result: whole,
        argv: argv ?? ["lanes", "trace"],
        parent: { pid, ppid },
        lastMs: endOf(saved.events),
        madeMs,
      },
      segments,
    );
  }
  return demo === undefined ? unknownDemo(saved, madeMs, segments) : knownDemo(saved, demo, madeMs, segments);
}

/** What is drawn of a run or a map while it goes on. */
interface WorkChart<E, F> {
  add(event: E): void;
  build(endMs: number): Chart;
  readonly failures: { readonly failures: readonly F[]; readonly failed: number };
}

/** The chart of what was recorded, and what failed in it. @param endMs when it was over, if that is known. */
function charted<E extends LaneEvent, F>({ events }: Saved, chart: WorkChart<E, F>, endMs = endOf(events)) {
  for (const event of events) chart.add(event as E); // they were read by the table of this kind of recording
  return { chart: chart.build(endMs), ...chart.failures };
}

const endOf = (events: readonly LaneEvent[]) => events.at(-1)?.t ?? 0;

/** What can be said of any recording of a demo. */
function recorded({ header, events, result }: Saved) {
  const { params = {}, pid, ppid } = header;
  const inner = result?.result;
  return {
    params,
    ok: typeof result?.ok === "boolean" ? result.ok : null,
    elapsedMs: typeof result?.elapsedMs === "number" ? result.elapsedMs : endOf(events),
    parent: { pid, ppid },
    events,
    measured: typeof inner === "object" && inner !== null ? inner : {},
  };
}

function knownDemo(saved: Saved, demo: ShownDemo, madeMs: number, segments?: number): Report {
  const { measured, ...known } = recorded(saved);
  const told = saved.told === undefined ? {} : { outcome: saved.told };
  return demoReport({ demo, ...known, result: measured, ...told, madeMs }, segments);
}

/** How a program ended; empty if the recording was cut off before. */
function exitText(result: Saved["result"]): string {
  const { exitCode, signal } = (result ?? {}) as { readonly exitCode?: unknown; readonly signal?: unknown };
  if (typeof signal === "string") return t("trace.export.killed", { signal: clean(signal, 20) });
  return typeof exitCode === "number" ? t("trace.export.verdict", { code: exitCode }) : "";
}

/** The report of a program, or of a demo that this lanes does not have. */
function unknownDemo(saved: Saved, madeMs: number, segments?: number): Report {
  const { header, result } = saved;
  const { params, ok, elapsedMs, parent, events, measured } = recorded(saved);
  return {
    title: clean(
      header.of === "exec" ? (header.argv ?? []).join(" ") : `lanes demo ${header.demo ?? ""}`.trimEnd(),
      120,
    ),
    summary: result === undefined ? t("replay.cutOff") : "",
    params: Object.entries(params).map(([name, value]) => clean(`${name} ${value}`, 80)),
    ok,
    verdict: header.of === "exec" ? exitText(result) : t(ok === false ? "export.notOk" : "export.ok"),
    madeMs,
    chart: demoChart({ events, shared: header.shared?.label, elapsedMs, parent }, segments),
    facts: scalars(measured),
    checks: [],
    notes: [],
    pictures: [],
    failures: [],
    failed: 0,
    commands: [],
    code: [],
  };
}
