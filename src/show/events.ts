/** Events as lines of text: the progress of a demo where no live view can be drawn. */
import { t } from "../i18n/index.ts";
import { printable } from "../os/bytes/printable.ts";
import type { LaneEvent } from "../recording/event.ts";
import { fit, truncate } from "../terminal/layout.ts";
import { paintOf, type Style } from "../terminal/style.ts";

/** One line without its line break: `  12.3 ms  P1    31201  holds data.json.lock`. */
export function eventLine(event: LaneEvent, style: Style): string {
  const time = `${event.t.toFixed(1)} ms`.padStart(11);
  const line = `${paintOf(style).dim(time)}  ${fit(printable(event.lane), 5)} ${String(event.pid).padEnd(7)} ${printable(eventText(event))}`;
  return truncate(line, Math.max(40, style.columns)).trimEnd();
}

/** Events that tell a reader something; reads and writes come in thousands. */
export function isWorthALine(event: LaneEvent): boolean {
  return event.type !== "read" && event.type !== "write" && event.type !== "run" && event.type !== "ready";
}

/** What happened, in words: `holds data.json.lock`. */
export function eventText(event: LaneEvent): string {
  switch (event.type) {
    case "spawn":
      return t("view.event.spawn", { ppid: event.ppid });
    case "ready":
      return t("view.event.ready");
    case "run":
      return event.text ?? t("view.event.run");
    case "say":
      return event.text;
    case "join":
      return t("view.event.join", { on: event.on });
    case "wait":
      return t("view.event.wait", { on: event.on });
    case "hold":
      return t("view.event.hold", { on: event.on });
    case "release":
      return t("view.event.release", { on: event.on });
    case "read":
      return t("view.event.read", { value: valueText(event.value) });
    case "write":
      return t("view.event.write", { value: valueText(event.value) });
    case "exit":
      if (event.signal !== null) return t("view.event.killed", { signal: event.signal });
      return event.code === null ? t("view.event.ended") : t("view.event.exit", { code: event.code });
    case "zombie":
      return t("view.event.zombie");
    case "refused":
      return refusal(event);
    case "adopted":
      return t("view.event.adopted", { before: event.before, after: event.after });
  }
}

function refusal({ by, depth, limit, text }: Extract<LaneEvent, { type: "refused" }>): string {
  if (by === "system") return text;
  return by === "depth" ? t("view.event.refused.depth", { depth, limit }) : t("view.event.refused.total", { limit });
}

/** A value that was read or written, in one line. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}
