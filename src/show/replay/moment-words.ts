/** A moment of a record, in words: who did what to whom, with the times at which it happened. */

import { basename } from "node:path";
import { t } from "../../i18n/index.ts";
import type { LaneEvent } from "../../recording/event.ts";
import type { Moment } from "../../recording/moment.ts";
import { eventText, valueText } from "../events.ts";

/** A moment, as `12.304`. */
export function timeText(ms: number): string {
  return ms.toFixed(3);
}

/** What the moment is, told in full. @param events those its steps are of. */
export function momentText({ step, kind, because, updates = 1 }: Moment, events: readonly LaneEvent[]): string {
  const event = events[step];
  const before = because.flatMap((earlier) => events[earlier] ?? []);
  if (event === undefined) return "";
  const { lane } = event;
  switch (kind) {
    case "lost":
      return `${lostText(event, before)}${updates > 1 ? ` ${t("replay.moment.lost.several", { n: updates })}` : ""}`;
    case "circle": {
      const chain = [event, ...before, event].map((one) => one.lane).join(" → ");
      return t("replay.moment.circle", { n: before.length + 1, chain });
    }
    case "death":
      return deathText(event, before.map(lockOf).join(", "));
    case "adopted": {
      const [from, to] = event.type === "adopted" ? [event.before, event.after] : [0, 0];
      return t("replay.moment.adopted", { lane, before: from, after: to });
    }
    case "rejected":
      return rejectedText(event, before);
    case "overlap":
      return t("replay.moment.overlap", { lane, lock: lockOf(event), other: before[0]?.lane ?? "" });
    case "zombie":
    case "refused":
      return `${lane}: ${eventText(event)}`;
    case "wait": {
      const [owner] = before;
      const lock = lockOf(event);
      if (owner === undefined) return t("replay.moment.waitFree", { lane, lock });
      return t("replay.moment.wait", { lane, lock, owner: owner.lane });
    }
    case "handover": {
      const [waited, from] = before;
      const values = { lane, lock: lockOf(event), waitedMs: timeText(event.t - (waited?.t ?? event.t)) };
      if (from === undefined) return t("replay.moment.taken", values);
      return t("replay.moment.handover", { ...values, from: from.lane, freeMs: timeText(event.t - from.t) });
    }
  }
}

const lockOf = (event: LaneEvent) => ("on" in event ? basename(event.on) : "");
const valueIn = (event: LaneEvent | undefined) =>
  event?.type === "read" || event?.type === "write" ? valueText(event.value) : "";

function lostText(over: LaneEvent, [, read, lost]: readonly LaneEvent[]): string {
  return t("replay.moment.lost", {
    over: over.lane,
    lane: lost?.lane ?? "",
    value: valueIn(over),
    lost: valueIn(lost),
    read: valueIn(read),
    readMs: timeText(read?.t ?? 0),
    wroteMs: timeText(lost?.t ?? 0),
  });
}

function rejectedText(event: LaneEvent, before: readonly LaneEvent[]): string {
  const other = before.find(({ lane }) => lane !== event.lane);
  if (event.type !== "rejected" || other === undefined) return `${event.lane}: ${eventText(event)}`;
  const { lane, value, fence, newest } = event;
  return t("replay.moment.rejected", { lane, value: valueText(value), fence, newest, other: other.lane });
}

function deathText(event: LaneEvent, locks: string): string {
  const { code, signal } = event.type === "exit" ? event : { code: null, signal: null };
  const values = { lane: event.lane, ending: signal ?? code ?? 0 };
  if (locks === "") return t(signal === null ? "replay.moment.death.code" : "replay.moment.death.signal", values);
  const key = signal === null ? "replay.moment.death.code.holding" : "replay.moment.death.signal.holding";
  return t(key, { ...values, locks });
}
