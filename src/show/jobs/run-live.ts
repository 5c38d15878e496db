/**
 * A run while it goes on: a lane for each job that is running (slot, pid, for how long, command) and a line of progress; or,
 * where nothing can be drawn over, the line of progress now and then.
 */

import { t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import { durationText } from "../../os/units.ts";
import type { Shortfall } from "../../recording/results/run-result.ts";
import { fit, fitRight, truncate } from "../../terminal/layout.ts";
import { glyphsOf, type Style } from "../../terminal/style.ts";
import { waitingText } from "./run-text.ts";

/** What is shown. */
export interface RunStatus {
  readonly done: number;
  readonly failed: number;
  /** Unknown while the values are still being read. */
  readonly total: number | null;
  readonly slots: number;
  readonly elapsedMs: number;
  /** Of jobs that ended well; undefined before the first. */
  readonly medianMs: number | undefined;
  readonly running: readonly {
    readonly lane: string;
    readonly pid: number;
    readonly command: string;
    readonly ms: number;
  }[];
  /** Why no job is started though there is a slot for it; null if none has to wait. */
  readonly waitsFor: Shortfall | null;
  /** Somebody has asked that no more jobs be started (`now`), or could by a key. */
  readonly drains: "now" | "onKey" | null;
}

/** Without a terminal: a line this often. */
const LINE_MS = 1_000;
const LANES_SHOWN = 12;

/** The line of progress, now and then, through `write`. @returns what ends it. */
export function tellProgress(status: () => RunStatus, write: (line: string) => void): () => void {
  const timer = setInterval(() => write(`lanes: ${progressText(status())}\n`), LINE_MS);
  return () => clearInterval(timer);
}

/** The lanes and the line, in at most so many rows. */
export function runFrame(status: RunStatus, style: Style, rows: number): string[] {
  const { columns } = style;
  const glyphs = glyphsOf(style);
  const shown = status.running.slice(0, Math.max(0, Math.min(LANES_SHOWN, rows - 2)));
  const lanes = shown.map(({ lane, pid, command, ms }, index) => {
    const branch = index === shown.length - 1 ? glyphs.lastBranch : glyphs.branch;
    const head = `${branch} ${fit(lane, 5)}${fitRight(String(pid), 8)}${fitRight(durationText(ms), 12)}  `;
    // A command may be a megabyte long: no more of it is looked at than can be seen.
    return truncate(head + printable(command.slice(0, 2 * columns)), columns - 1, glyphs.ellipsis);
  });
  const hidden = status.running.length - shown.length;
  if (hidden > 0) lanes.push(truncate(`  ${t("run.live.more", { n: hidden })}`, columns - 1));
  return [...lanes, truncate(progressText(status), columns - 1)];
}

/** `12/400 done, 1 failed, 31.5 a second, about 12 s left`. */
function progressText(status: RunStatus): string {
  const { done, failed, total, slots, elapsedMs, medianMs, running, waitsFor, drains } = status;
  const parts = [total === null ? t("run.live.done", { done }) : t("run.live.doneOf", { done, total })];
  if (failed > 0) parts.push(t("run.sum.failed", { n: failed }));
  parts.push(t("run.live.rate", { rate: (done / (elapsedMs / 1e3)).toFixed(1) }));
  const leftMs = total === null ? null : timeLeftMs(total - done, running, slots, medianMs);
  if (leftMs !== null) parts.push(t("run.live.left", { time: durationText(leftMs) }));
  if (waitsFor !== null) parts.push(waitingText(waitsFor));
  if (drains !== null) parts.push(t(drains === "now" ? "run.live.drains" : "run.live.key"));
  return parts.join(t("run.sum.separator"));
}

/** From the median job, so that a few very long ones do not spoil it; jobs that run have done part of theirs. */
function timeLeftMs(
  left: number,
  running: RunStatus["running"],
  slots: number,
  medianMs: number | undefined,
): number | null {
  if (medianMs === undefined) return null;
  const begun = running.reduce((sum, { ms }) => sum + Math.min(ms, medianMs), 0);
  return Math.max(0, (left * medianMs - begun) / Math.min(slots, Math.max(1, left)));
}
