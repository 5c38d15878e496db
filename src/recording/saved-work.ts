/**
 * What `run` and `map` record, told as the events of lanes, so that one viewer shows all three: a slot of `run` is a lane
 * with one process after another, a worker of `map` is a lane that runs a chunk of items and waits for the next.
 */
import { t } from "../i18n/index.ts";
import type { LaneEvent, Stamp } from "./event.ts";
import { count, laneEvents, ms, type Raw, text } from "./saved-event.ts";

/** Reads the lines of one recording in their order. @throws Flaw, and none for a type it does not know. */
export type LineReader = (raw: Raw, stamp: Stamp) => LaneEvent[];

/** A job is a process: created with its command, running at once, ended with its code. */
const runEvents: LineReader = (raw, stamp) => {
  switch (raw.type) {
    case "spawn": {
      const command = text(raw, "command");
      return [
        { type: "spawn", name: command, ...stamp },
        { type: "run", text: t("replay.work.job", { seq: count(raw, "seq"), command }), ...stamp },
      ];
    }
    case "exit":
      return laneEvents(raw, stamp);
    case "stop":
      return [{ type: "say", text: t("replay.work.stop", { reason: text(raw, "reason") }), ...stamp }];
    default:
      return [];
  }
};

/** The record says of a chunk when it was answered, and how long that took: it began so long before, or when the last ended. */
function mapEvents(): LineReader {
  const freeMs = new Map<string, number>();
  return (raw, stamp) => {
    switch (raw.type) {
      case "chunk": {
        const [first, items] = [count(raw, "first"), count(raw, "count")];
        const fromMs = Math.max(stamp.t - ms(raw, "ms"), freeMs.get(stamp.lane) ?? 0);
        freeMs.set(stamp.lane, stamp.t);
        const last = first + Math.max(1, items) - 1;
        const words = last === first ? t("replay.work.item", { first }) : t("replay.work.chunk", { first, last });
        return [
          { type: "run", text: words, ...stamp, t: Math.min(fromMs, stamp.t) },
          { type: "wait", on: t("replay.work.items"), ...stamp },
        ];
      }
      case "retry":
        return [{ type: "say", text: t("replay.work.retry", { index: count(raw, "index") }), ...stamp }];
      case "fail":
        return [{ type: "say", text: t("replay.work.fail", { index: count(raw, "index") }), ...stamp }];
      case "spawn":
        freeMs.set(stamp.lane, stamp.t);
        return laneEvents(raw, stamp);
      case "ready":
        freeMs.set(stamp.lane, stamp.t);
        return [...laneEvents(raw, stamp), { type: "wait", on: t("replay.work.items"), ...stamp }];
      case "say":
      case "exit":
        return laneEvents(raw, stamp);
      default:
        return [];
    }
  };
}

/** What reads the lines of a recording of this kind. */
export function lineReader(of: "demo" | "run" | "map"): LineReader {
  return of === "demo" ? laneEvents : of === "run" ? runEvents : mapEvents();
}
