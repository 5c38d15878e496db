/**
 * The timeline in the Trace Event Format that Perfetto (ui.perfetto.dev) and chrome://tracing open: processes and threads by
 * name, states as slices inside the life of their process, numbers as counters, arrows from who lets go to who goes on.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * Always true: slices of a thread nest; its events are in the order of time, the outer slice before the inner one; the two
 * ends of an arrow have the same id and lie inside slices. Times are whole µs.
 */
import { t } from "../i18n/index.ts";
import { printableJson } from "../os/bytes/printable.ts";
import type { Arrow, Chart, ChartLane, ChartSegment } from "./chart/chart.ts";
import { partsOf } from "./chart/lane-builder.ts";
import { chartStateText, segmentText } from "./chart/words.ts";
import type { Report } from "./report.ts";

interface ChromeTraceEvent {
  readonly name: string;
  readonly ph: "M" | "X" | "C" | "i" | "s" | "f";
  readonly pid: number;
  readonly tid: number;
  /** µs. */
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: "e";
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Where a lane's events go: a process's own thread, or a slot of the one process that runs them all. */
interface Thread {
  readonly pid: number;
  readonly tid: number;
}

/** The file, piece by piece: one event a line. */
export function* traceFileText(report: Report): Generator<string> {
  const { chart, title, commands } = report;
  const about = { title, made: new Date(report.madeMs).toISOString(), params: report.params.join(" ") };
  const command = commands[0] === undefined ? {} : { command: commands[0][1] };
  yield `{"displayTimeUnit":"ms","otherData":${printableJson({ ...about, ...command })},"traceEvents":[\n`;
  let comma = "";
  for (const event of traceEvents(chart, title)) {
    yield `${comma}${printableJson(event)}`;
    comma = ",\n";
  }
  yield "\n]}\n";
}

/** The events: names first, then in the order of time. */
export function traceEvents(chart: Chart, title: string): ChromeTraceEvent[] {
  const threads = threadsOf(chart);
  const timed = [
    ...chart.lanes.flatMap((lane, i) => slices(lane, chart.unit, threads[i]!)),
    ...chart.marks.map(
      (mark): ChromeTraceEvent => ({ name: mark.text, ph: "i", s: "t", ts: us(mark.ms), ...threads[mark.lane]! }),
    ),
    ...chart.series.flatMap(({ name, points }) =>
      points.map(
        ([ms, value]): ChromeTraceEvent => ({
          name,
          ph: "C",
          ts: us(ms),
          pid: chart.parent.pid,
          tid: 0,
          args: { value },
        }),
      ),
    ),
    ...chart.arrows.flatMap((arrow, id) => flow(arrow, id + 1, threads, chart)),
  ];
  // Stable: what begins together stays as it was put in, the outer slice before the inner one, slices before arrows.
  return [...names(chart, title, threads), ...timed.sort((a, b) => (a.ts ?? 0) - (b.ts ?? 0))];
}

const us = (ms: number) => Math.round(ms * 1e3);

function threadsOf({ lanes, parent, unit }: Chart): Thread[] {
  const used = new Set<number>();
  return lanes.map(({ pid }, i) => {
    if (unit !== "stretches") return { pid: parent.pid, tid: i + 1 };
    const own = pid > 0 && !used.has(pid) ? pid : 2 ** 22 + i + 1; // beyond any pid: no process's own was recorded
    used.add(own);
    return { pid: own, tid: own };
  });
}

function names({ lanes, parent, unit }: Chart, title: string, threads: readonly Thread[]): ChromeTraceEvent[] {
  const meta = (name: string, thread: Thread, args: ChromeTraceEvent["args"]): ChromeTraceEvent => ({
    name,
    ph: "M",
    ts: 0,
    ...thread,
    ...(args === undefined ? {} : { args }),
  });
  const whole = { pid: parent.pid, tid: 0 };
  const own = lanes.flatMap((lane, i) => {
    const thread = threads[i]!;
    const process =
      unit === "stretches"
        ? [
            meta("process_name", thread, { name: `${lane.name} · ${title}` }),
            meta("process_sort_index", thread, { sort_index: i }),
            meta("process_labels", thread, { labels: t("export.pids", { pid: lane.pid, ppid: lane.ppid }) }),
          ]
        : [];
    return [
      ...process,
      meta("thread_name", thread, { name: lane.name }),
      meta("thread_sort_index", thread, { sort_index: i }),
    ];
  });
  const known = threads.some(({ pid }) => pid === parent.pid) && unit === "stretches";
  return known ? own : [meta("process_name", whole, { name: title }), ...own];
}

/** The lives of a lane's processes, and in each what it did. */
function slices(lane: ChartLane, unit: Chart["unit"], thread: Thread): ChromeTraceEvent[] {
  const lives = lane.lives.map(({ pid, ppid, fromMs, toMs, ending }): ChromeTraceEvent => {
    const args = { pid, ppid, ...(ending === "" ? {} : { ending }) };
    return { name: `${lane.name} (pid ${pid})`, cat: "process", ph: "X", ...span(fromMs, toMs), ...thread, args };
  });
  const states = lane.segments.map(
    (segment): ChromeTraceEvent => ({
      name: nameOf(segment, unit),
      cat: "state",
      ph: "X",
      ...span(segment.fromMs, segment.toMs),
      ...thread,
      args: argsOf(segment),
    }),
  );
  return [...lives, ...states];
}

function span(fromMs: number, toMs: number): { ts: number; dur: number } {
  const ts = us(fromMs);
  return { ts, dur: us(toMs) - ts };
}

function nameOf(segment: ChartSegment, unit: Chart["unit"]): string {
  if (segment.state === "mixed") return segmentText(segment, unit);
  return unit === "stretches" || segment.label === "" ? chartStateText(segment.state) : segment.label;
}

function argsOf(segment: ChartSegment): Record<string, unknown> {
  const { state, label, pid, count, failed } = segment;
  return {
    state,
    ...(label === "" ? {} : { reason: label }),
    ...(pid === 0 ? {} : { pid }),
    ...(count === 1 ? {} : { count }),
    ...(failed === 0 ? {} : { failed }),
    ...(state === "mixed" ? { ms: partsOf(segment) } : {}),
  };
}

/**
 * An arrow's two ends, the beginning just before the slice is over that it leaves. None if one of them would hang in the air:
 * its lane had nothing recorded at that moment.
 */
function flow(arrow: Arrow, id: number, threads: readonly Thread[], { lanes }: Chart): ChromeTraceEvent[] {
  const { kind, name, fromLane, toLane } = arrow;
  const from = leaving(lanes[fromLane], arrow);
  const to = us(arrow.toMs);
  if (from === undefined || from > to || !covered(lanes[toLane], to)) return [];
  const what = { name: name === "" ? kind : `${kind} ${name}`, cat: kind, id };
  return [
    { ...what, ph: "s", ts: from, ...threads[fromLane]! },
    { ...what, ph: "f", bp: "e", ts: to, ...threads[toLane]! },
  ];
}

/** The last µs of the slice that an arrow leaves: at its very end the next one may have begun. */
function leaving(lane: ChartLane | undefined, { kind, fromMs }: Arrow): number | undefined {
  const slice = kind === "lock" ? segmentBefore(lane?.segments ?? [], us(fromMs) - 1) : undefined;
  const at = slice === undefined ? us(fromMs) : Math.max(us(slice.fromMs), us(fromMs) - 1);
  return covered(lane, at) ? at : undefined;
}

/** Whether a lane has a slice at a moment, µs. */
function covered(lane: ChartLane | undefined, at: number): boolean {
  const includes = ({ fromMs, toMs }: Pick<ChartSegment, "fromMs" | "toMs">) => us(fromMs) <= at && at <= us(toMs);
  const segment = segmentBefore(lane?.segments ?? [], at);
  return (segment !== undefined && includes(segment)) || (lane?.lives.some(includes) ?? false);
}

/** The last segment that begins not after a moment, µs; by bisection. */
function segmentBefore(segments: readonly ChartSegment[], at: number): ChartSegment | undefined {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (us(segments[middle]!.fromMs) <= at) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
}
