/** Events as lines of text: the progress of a demo where no live view can be drawn. */

import { t } from "../i18n/index.ts";
import { printable } from "../os/bytes/printable.ts";
import { durationText } from "../os/units.ts";
import type { EventOf, LaneEvent } from "../recording/event.ts";
import { truncate } from "../terminal/layout.ts";
import { paintOf, type Style } from "../terminal/style.ts";
import { headOf } from "../thrown.ts";
import { traceEventText } from "./trace/trace-words.ts";

/** One line without its line break: `  12.3 ms  P1    31201  holds data.json.lock`. */
export function eventLine(event: LaneEvent, style: Style): string {
  const time = `${event.t.toFixed(1)} ms`.padStart(11);
  const line = `${paintOf(style).dim(time)}  ${printable(event.lane).padEnd(5)} ${String(event.pid).padEnd(7)} ${printable(eventText(event))}`;
  return truncate(line, Math.max(40, style.columns)).trimEnd();
}

/** Events that tell a reader something; reads and writes come in thousands. */
export function isWorthALine(event: LaneEvent): boolean {
  return event.type !== "read" && event.type !== "write" && event.type !== "run" && event.type !== "ready";
}

/** How a process ended, in words: `exited with 1`, `killed by SIGKILL`. */
export function endingText(code: number | null, signal: string | null): string {
  if (signal !== null) return t("view.event.killed", { signal });
  return code === null ? t("view.event.ended") : t("view.event.exit", { code });
}

/** What happened, in words: `holds data.json.lock`. */
export function eventText(event: LaneEvent): string {
  switch (event.type) {
    case "spawn":
      return "command" in event ? jobText(event) : t("view.event.spawn", { ppid: event.ppid });
    case "ready":
      return t("view.event.ready");
    case "run":
      return ("text" in event ? event.text : undefined) ?? t("view.event.run");
    case "say":
      return event.text;
    case "join":
      return t("view.event.join", { on: event.on });
    case "wait":
      return "why" in event ? traceEventText(event) : t("view.event.wait", { on: event.on });
    case "hold":
      if (event.fence !== undefined) return t("view.event.holdNumber", { on: event.on, fence: event.fence });
      return t("view.event.hold", { on: event.on });
    case "release":
      return t("view.event.release", { on: event.on });
    case "read":
      return t("view.event.read", { value: valueText(event.value) });
    case "write":
      return writeText(event);
    case "exit":
      return endingText(event.code, event.signal);
    case "rejected":
      return t("view.event.rejected", { value: valueText(event.value), fence: event.fence, newest: event.newest });
    case "zombie":
      return t("view.event.zombie");
    case "refused":
      return refusal(event);
    case "adopted":
      return t("view.event.adopted", { before: event.before, after: event.after });
    case "stop":
      return t("view.event.stop", { reason: event.reason });
    case "running":
      return t("view.event.running", { n: event.jobs.length });
    case "begin":
      return itemsText(event);
    case "chunk":
      return itemsText(event, event.ms);
    case "exec":
    case "stopped":
    case "continued":
    case "reaped":
      return traceEventText(event);
    case "idle":
      return t("view.event.idle");
    case "retry":
      return t("view.event.retry", { n: event.index + 1 });
    case "fail":
      return t("view.event.fail", { n: event.index + 1, error: headOf(event.error) });
  }
}

/** `job 3: gzip a.log`. */
function jobText({ seq, command }: { readonly seq: number; readonly command: string }): string {
  return t("view.event.job", { seq, command });
}

/** What was put or taken, where the event says it: the value is how many there are then. */
function writeText({ value, put, took }: EventOf<"write">): string {
  const shown = valueText(value);
  if (put !== undefined) return t("view.event.put", { item: put, value: shown });
  return took === undefined
    ? t("view.event.write", { value: shown })
    : t("view.event.took", { item: took, value: shown });
}

/** Items by the numbers people give them: the first is 1. @param ms how long they took, if they are done. */
function itemsText({ first, count }: { readonly first: number; readonly count: number }, ms?: number): string {
  const [from, last] = [first + 1, first + Math.max(1, count)];
  if (ms === undefined)
    return last === from ? t("view.event.item", { first: from }) : t("view.event.items", { first: from, last });
  const time = durationText(ms);
  return last === from
    ? t("view.event.itemDone", { first: from, time })
    : t("view.event.itemsDone", { first: from, last, time });
}

function refusal({ by, depth, limit, text }: EventOf<"refused">): string {
  if (by === "system") return text;
  return by === "depth" ? t("view.event.refused.depth", { depth, limit }) : t("view.event.refused.total", { limit });
}

/** That it holds something, and with which number if that is a lease. */
export function holdsText(fence: number | undefined): string {
  return fence === undefined ? t("view.now.holds") : t("view.now.holdsNumber", { fence });
}

/** A value that was read or written, in one line. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}
