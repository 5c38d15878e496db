/** Recordings and charts for tests of what is exported. */

import type { Chart } from "../../../src/export/chart/chart.ts";
import { demoChart } from "../../../src/export/chart/demo.ts";
import type { Report } from "../../../src/export/report.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";

export const parent = { pid: 100, ppid: 1 };

/** What happens in a lane, its pid 100 for main, 101 for P1 …, unless `more` says otherwise. */
export function event<T extends LaneEvent["type"]>(
  t: number,
  lane: string,
  type: T,
  more: Omit<Extract<LaneEvent, { type: T }>, "t" | "lane" | "type" | "pid" | "ppid"> & { pid?: number } = {} as never,
): LaneEvent {
  const pid = lane === "main" ? 100 : 100 + Number(lane.slice(1));
  return { t, lane, pid, ppid: lane === "main" ? 1 : 100, type, ...more } as unknown as LaneEvent;
}

/** Two processes take turns with a lock; the first is killed while it holds it, and the second goes on. */
export const handOver: readonly LaneEvent[] = [
  event(0, "main", "run"),
  event(1, "P1", "spawn"),
  event(2, "P2", "spawn"),
  event(3, "P1", "ready"),
  event(4, "P2", "ready"),
  event(5, "P1", "hold", { on: "a.lock" }),
  event(6, "P2", "wait", { on: "a.lock", owner: 101 }),
  event(7, "P1", "read", { value: 0 }),
  event(8, "P1", "write", { value: 1 }),
  event(9, "P1", "release", { on: "a.lock" }),
  event(10, "P2", "hold", { on: "a.lock" }),
  event(11, "P2", "write", { value: 2 }),
  event(12, "P2", "release", { on: "a.lock" }),
  event(13, "P1", "hold", { on: "a.lock" }),
  event(14, "P2", "wait", { on: "a.lock" }),
  event(15, "P1", "exit", { code: null, signal: "SIGKILL" }),
  event(16, "P2", "hold", { on: "a.lock" }),
  event(17, "P2", "exit", { code: 0, signal: null }),
];

export function chartOf(events: readonly LaneEvent[], shared: string | undefined = "count", segments?: number): Chart {
  return demoChart({ events, shared, elapsedMs: events.at(-1)?.t ?? 0, parent }, segments);
}

/** A report around a chart; nothing else in it. */
export function reportOf(chart: Chart, more: Partial<Report> = {}): Report {
  return {
    title: "title",
    summary: "",
    params: [],
    ok: true,
    verdict: "fine",
    madeMs: 0,
    chart,
    facts: [],
    checks: [],
    notes: [],
    pictures: [],
    failures: [],
    failed: 0,
    commands: [],
    code: [],
    ...more,
  };
}
