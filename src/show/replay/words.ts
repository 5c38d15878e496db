/** What a replay says: an event in a cell of its lane, a lane's state, a moment. All of it may come from a file. */
import { basename } from "node:path";
import { t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { activityText } from "../activity-words.ts";
import { eventText, valueText } from "../events.ts";
import { momentText } from "./moment-words.ts";
import type { Replay } from "./replay.ts";
import type { LaneAtStep } from "./steps.ts";

/** An event in as few words as a column has room for: its lane stands above it. */
export function cellText(replay: Replay, step: number): string {
  const event = replay.steps.events[step];
  return event === undefined ? "" : printable(cell(event, replay, step));
}

function cell(event: LaneEvent, replay: Replay, step: number): string {
  switch (event.type) {
    case "spawn":
      return "command" in event ? eventText(event) : t("replay.cell.spawn");
    case "ready":
      return t("replay.cell.ready");
    case "run":
      return ("text" in event ? event.text : undefined) ?? t("replay.cell.run");
    case "say":
      return `“${event.text}”`;
    case "join":
      return t("view.now.join", { on: event.on });
    case "wait":
      return "why" in event ? eventText(event) : t("view.now.waits", { on: holderOf(replay, step, event.on) });
    case "hold":
      if (event.fence !== undefined) return t("replay.cell.holdNumber", { fence: event.fence });
      return lockText(replay, "replay.cell.hold", event.on);
    case "release":
      return lockText(replay, "replay.cell.release", event.on);
    case "read":
      return t("view.event.read", { value: valueText(event.value) });
    case "write":
    case "stop":
    case "running":
    case "begin":
    case "chunk":
    case "idle":
    case "retry":
    case "fail":
    case "exec":
    case "continued":
    case "reaped":
      return eventText(event);
    case "stopped":
      return t("view.now.stopped");
    case "rejected":
      return t("replay.cell.rejected", { value: valueText(event.value) });
    case "zombie":
      return t("view.now.zombie");
    case "refused":
      return t("view.now.refused");
    case "adopted":
      return t("replay.cell.adopted", { after: event.after });
    case "exit":
      return endText(event);
  }
}

function endText({ code, signal }: { readonly code: number | null; readonly signal: string | null }): string {
  if (signal !== null) return t("replay.cell.killed", { signal: signal.replace(/^SIG/, "") });
  return code === null ? t("view.now.ended") : t("view.now.exited", { code });
}

/** Where there is one lock, its name says nothing. */
function lockText({ steps }: Replay, key: "replay.cell.hold" | "replay.cell.release", lock: string): string {
  return steps.locks.length === 1 ? t(key) : t(`${key}Of`, { lock: shortLock(lock) });
}

/** `a` for `a.lock`: for where a lock is meant anyway. */
function shortLock(lock: string): string {
  return basename(lock).replace(/(.)\.lock$/, "$1");
}

/** What a lock is called where there is little room: `lock` if there is no other. */
export function lockTitle({ steps }: Replay, lock: string): string {
  return steps.locks.length === 1 ? t("replay.column.lock") : printable(shortLock(lock));
}

/** Who has what is waited for, if somebody has; else what it is called. */
function holderOf(replay: Replay, step: number, on: string): string {
  const { steps } = replay;
  return steps.owner(on, step) || (steps.isLock(on) ? lockTitle(replay, on) : on);
}

/** What a lane does at a step; empty before it began. */
export function stateText(replay: Replay, { activity, fence, read }: LaneAtStep, step: number): string {
  if (activity === undefined) return "";
  const hasRead = () => t("replay.now.reads", { value: valueText(read) });
  return activityText(activity, { fence, hasRead, waitedFor: ({ on }) => holderOf(replay, step, on) });
}

/** What happens at a step: the moment it is, or its event. */
export function stepText(replay: Replay, step: number): string {
  const moment = replay.moments.at(step);
  if (moment !== undefined) return printable(momentText(moment, replay.steps.events));
  const event = replay.steps.events[step];
  return event === undefined ? t("replay.nothing") : printable(`${event.lane} (${event.pid}): ${eventText(event)}`);
}

/** The shared value at a step: `17`. */
export function sharedText({ shared, steps }: Replay, step: number): string {
  if (shared === undefined) return "";
  const value = steps.value(step);
  return value === undefined ? "" : printable(valueText(value));
}
