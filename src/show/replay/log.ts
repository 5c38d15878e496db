/** A record as text, for where nobody can step: a line an event, what the lanes share beside it, its moments told. */
import { t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import { fit, widest } from "../../terminal/layout.ts";
import { glyphsOf, type Style, spelledOut } from "../../terminal/style.ts";
import { eventText } from "../events.ts";
import { momentText, timeText } from "./moment-words.ts";
import type { Replay } from "./replay.ts";
import { lockTitle, sharedText } from "./words.ts";

/** So many locks get a column each. */
const MOST_LOCKS = 8;

/** The lines, head first; each as wide as it has to be. */
export function* logLines(replay: Replay, style: Style): Generator<string> {
  const { steps, moments, shared } = replay;
  const glyphs = glyphsOf(style);
  const time = timeText(steps.events.at(-1)?.t ?? 0).length;
  const lane = Math.min(12, Math.max(5, widest(steps.lanes)));
  const locks = steps.locks.slice(0, MOST_LOCKS);
  const lockTitles = locks.map((lock) => lockTitle(replay, lock));
  const owner = Math.max(lane, widest(lockTitles));
  const value = Math.max(6, Bun.stringWidth(t("replay.column.value")));
  const row = (at: string, name: string, pid: string, count: string, locks: readonly string[], what: string) =>
    [
      at.padStart(time),
      fit(name, lane),
      pid.padEnd(7),
      ...(shared === undefined ? [] : [fit(count, value)]),
      ...locks.map((text) => fit(text, owner)),
      what,
    ]
      .join("  ")
      .trimEnd();
  yield row("ms", t("replay.column.lane"), "pid", t("replay.column.value"), lockTitles, t("replay.column.event"));
  for (const [step, event] of steps.events.entries()) {
    const owners = locks.map((lock) => printable(steps.owner(lock, step)) || glyphs.nobody);
    const pid = String(event.pid);
    const count = sharedText(replay, step);
    const words = spelledOut(printable(eventText(event)), style);
    yield row(timeText(event.t), printable(event.lane), pid, count, owners, words);
    const moment = moments.at(step);
    if (moment === undefined) continue;
    const said = spelledOut(printable(momentText(moment, steps.events)), style);
    yield `${" ".repeat(time)}  ${glyphs.telling} ${said}`;
  }
}
