/** A map in words: its failures, what is left undone, and its last line. */

import { t } from "../../i18n/index.ts";
import { linesOf, printable, printableLines } from "../../os/bytes/printable.ts";
import { durationText } from "../../os/units.ts";
import type { ItemFailure, ItemUnit, MapSummary, WorkerNews } from "../../recording/results/map-result.ts";
import { headOf, linesBelow } from "../../thrown.ts";

const SHOWN_TEXT = 60;
const SHOWN_RANGES = 8;

/** A failed item: which, why, and its stack if there is room for it. */
export function failureText(failure: ItemFailure, unit: ItemUnit, withStack: boolean): string {
  const { index, text, attempts, lane, error } = failure;
  const n = index + 1;
  const which = unit === "line" ? t("map.fail.line", { n }) : t("map.fail.item", { n });
  const tried = attempts > 1 ? ` ${t("map.fail.attempts", { n: attempts })}` : "";
  const shown = text === null ? "" : ` (${shownItem(text)})`;
  const lines = [`${which}${shown}${tried}: ${why(failure, lane, withStack)}`, ...(withStack ? linesBelow(error) : [])];
  return printableLines(lines.filter((line) => line !== "").flatMap(linesOf));
}

const shownItem = (text: string) =>
  printable(JSON.stringify(text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text));

function why({ error }: ItemFailure, lane: string, causeBelow: boolean): string {
  const detail = /\((.*)\)$/s.exec(error.message)?.[1] ?? "";
  switch (error.kind) {
    case "timeout":
      if (error.killed) return t("map.fail.timeout", { lane });
      if (causeBelow || error.cause === undefined) return t("map.fail.timeout.itself");
      return `${t("map.fail.timeout.itself")}: ${headOf(error.cause)}`;
    case "memory":
      return t("map.fail.memory", { lane });
    case "exit":
      return t("map.fail.exit", { lane, detail });
    case "crash":
      return t("map.fail.crash", { lane, detail });
    case "uncaught":
      return t("map.fail.uncaught", { lane, error: headOf(error) });
    case "throw":
      return headOf(error);
    default:
      return error.message;
  }
}

/** What happened to a worker, besides the items. */
export function newsText(news: WorkerNews, unit: ItemUnit, file: string): string {
  const { lane } = news;
  switch (news.is) {
    case "slow":
      return t(news.phase === "load" ? "map.news.load" : "map.news.init", { lane, file, time: durationText(news.ms) });
    case "again": {
      const n = news.index + 1;
      const params = { lane, n, detail: news.detail };
      return unit === "line" ? t("map.news.again.line", params) : t("map.news.again.item", params);
    }
    case "idle":
      return t("map.news.idle", { lane, detail: news.detail });
    case "start":
      return t("map.news.start", { lane, time: durationText(news.ms), detail: news.detail });
  }
}

/** `1,000,000 items in 0.41 s on 2 workers, 2,400,000/s; 3 failed`. */
export function summaryText(summary: MapSummary): string {
  const { items, failed, retried, crashes, ending, elapsedMs, itemsPerSecond } = summary;
  const workers = summary.lanes.length;
  const head = t("map.summary.items", { n: items, time: durationText(elapsedMs), workers });
  return [
    `${head}, ${t("map.summary.rate", { rate: itemsPerSecond })}`,
    ...(failed > 0 ? [t("map.summary.failed", { n: failed })] : []),
    ...(retried > 0 ? [t("map.summary.retried", { n: retried })] : []),
    ...(crashes > 0 ? [t("map.summary.crashes", { n: crashes })] : []),
    ...(ending === "stopped" ? [t("map.summary.stopped")] : []),
  ].join("; ");
}

/** `not done: line 17, lines 20-25, everything from line 31 on`: what an interrupted map leaves. */
export function notDoneText({ notDone, taken, inputEnded }: MapSummary): string | null {
  const shown = notDone
    .slice(0, SHOWN_RANGES)
    .map(([from, to]) => (to - from === 1 ? `${from + 1}` : `${from + 1}-${to}`));
  if (notDone.length > SHOWN_RANGES) shown.push("…");
  if (!inputEnded) shown.push(t("map.notDone.rest", { first: taken + 1 }));
  return shown.length === 0 ? null : t("map.notDone", { what: shown.join(", ") });
}
