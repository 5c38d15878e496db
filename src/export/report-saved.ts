/** The report of a recording that was kept: a demo's, or a run's or map's, told as lanes. */
import type { Demo } from "../demos/define.ts";
import { t } from "../i18n/index.ts";
import type { Saved } from "../recording/saved.ts";
import { clean } from "./chart/clean.ts";
import { demoChart } from "./chart/demo.ts";
import type { Report } from "./report.ts";
import { demoReport, scalars } from "./report-demo.ts";

/**
 * The report, in the language being spoken.
 * @param demo the demo that was recorded, if it is one this lanes has.
 * @param madeMs when it was recorded; ms since the epoch.
 * @param segments of the chart, at most.
 */
export function savedReport(saved: Saved, demo: Demo | undefined, madeMs: number, segments?: number): Report {
  const { header, events, result } = saved;
  const { of, params = {}, shared, pid, ppid } = header;
  const elapsedMs = events.at(-1)?.t ?? 0;
  const ok = typeof result?.ok === "boolean" ? result.ok : null;
  const parent = { pid, ppid };
  const inner = of === "demo" ? result?.result : result;
  const measured = typeof inner === "object" && inner !== null ? inner : {};
  if (demo !== undefined)
    return demoReport({ demo, params, ok, elapsedMs, parent, events, result: measured, madeMs }, segments);
  return {
    title: clean(`lanes ${of === "demo" ? `demo ${header.demo ?? ""}` : of}`.trimEnd()),
    summary: result === undefined ? t("replay.cutOff") : "",
    params: Object.entries(params).map(([name, value]) => clean(`${name} ${value}`, 80)),
    ok,
    verdict: t(ok === false ? "export.notOk" : "export.ok"),
    madeMs,
    chart: demoChart({ events, shared: shared?.label, elapsedMs, parent }, segments),
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
