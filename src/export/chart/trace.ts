/** The chart of `lanes trace`: each process a lane, with what it did and what it waited for. */
import { t } from "../../i18n/index.ts";
import type { TracedLane, TracedStretch, TraceLanes } from "../../recording/trace-lanes.ts";
import { endingText } from "../../show/events.ts";
import { type Names, namesOf, waitText } from "../../show/trace/trace-words.ts";
import { ChartBuilder } from "./builder.ts";
import type { Chart } from "./chart.ts";
import { clean } from "./clean.ts";

/** The chart of what was seen. @param endMs when the command had ended. */
export function traceChart(lanes: TraceLanes, parent: Chart["parent"], endMs: number, segments?: number): Chart {
  const builder = new ChartBuilder({ unit: "stretches", parent, ...(segments === undefined ? {} : { segments }) });
  const list = lanes.list(endMs);
  const names = namesOf(list);
  for (const lane of list) builder.laneIndex(lane.lane);
  for (const lane of list) add(builder, lane, names, endMs);
  for (const { fromMs, toMs, live } of lanes.others.pieces) {
    builder.count(t("trace.fact.processes"), fromMs, Math.round(live));
    builder.count(t("trace.fact.processes"), Math.min(toMs, endMs), 0);
  }
  builder.reach(endMs);
  return builder.build();
}

function add(builder: ChartBuilder, traced: TracedLane, names: Names, endMs: number): void {
  const { lane, pid, ppid, startMs, failed, signal, code, parentLane } = traced;
  const built = builder.lane(lane);
  if (built === undefined) return;
  [built.pid, built.ppid] = [pid, ppid];
  for (const stretch of traced.stretches) {
    const { fromMs, toMs } = stretch;
    builder.add(lane, { fromMs, toMs, pid, state: stretch.state, label: labelOf(stretch, traced, names) });
  }
  const toMs = traced.endMs ?? endMs;
  if (failed)
    builder.add(lane, { fromMs: toMs, toMs, pid, state: "killed", label: endingText(code, signal), failed: 1 });
  built.addLife({ pid, ppid, fromMs: startMs, toMs, ending: endingText(code, signal), failed });
  const from = parentLane === "" ? -1 : builder.laneIndex(parentLane);
  const to = builder.laneIndex(lane);
  builder.arrow({ kind: "spawn", name: "", fromLane: from, fromMs: startMs, toLane: to, toMs: startMs });
}

function labelOf({ state, waits }: TracedStretch, { command }: TracedLane, names: Names): string {
  if (state === "waits" && waits !== undefined) return clean(waitText(waits, names));
  if (state === "stopped") return t("trace.legend.stopped", { stopped: "" }).trim();
  return state === "runs" ? clean(command) : "";
}
