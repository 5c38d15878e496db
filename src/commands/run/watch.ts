/** Showing a run to a person: the live view at a terminal, a line now and then elsewhere if it was asked for. */

import { canDraw } from "../../cli/audience.ts";
import { readsStdin, splitSources } from "../../jobs/input/values.ts";
import type { Outlet } from "../../jobs/output/outlet.ts";
import type { Run } from "../../jobs/plan.ts";
import { writeErr } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { nowMs } from "../../recording/clock.ts";
import type { RunStatus } from "../../show/jobs/run-live.ts";
import type { RunRequest } from "./request.ts";

/** What is said, loaded when there is something to say. */
const text = () => require("../../show/jobs/run-text.ts") as typeof import("../../show/jobs/run-text.ts");

/** How long nothing may be started for want of memory or because of the load before it is said, ms, and how often it is looked. */
const WAITING_TOLD_MS = 3_000;
const WAITING_LOOK_MS = 500;

/** What runs now, for stderr: a line a job, or with --jsonl one line in all. */
export function runningText(run: Run, jsonl: boolean): string {
  const jobs = run.jobs.list();
  if (!jsonl) return text().runningLines(jobs);
  const stamp = { t: run.stats.elapsedMs, lane: "main", pid: process.pid, ppid: process.ppid };
  return `${JSON.stringify({ type: "running", ...stamp, jobs })}\n`;
}

/**
 * Begins to show it, if anybody is to see it.
 * @param outlets make room for the view before they write, if they write to a terminal.
 * @returns what ends it.
 */
export async function watchRun(run: Run, request: RunRequest, outlets: readonly Outlet[]): Promise<() => void> {
  const { quiet, ascii, options } = request;
  const drawn = canDraw(2) && !options.jsonl;
  if (quiet || options.tty) return () => {};
  if (!drawn && !options.progress) return options.json || options.jsonl ? () => {} : tellWaiting(run, request);
  await lookAhead(run, request);
  // Loaded only for somebody who looks.
  const { runFrame, tellProgress } = await import("../../show/jobs/run-live.ts");
  const status = () => ({
    done: run.stats.jobs,
    failed: run.stats.failed,
    total: run.total === null ? null : run.total - run.stats.skipped,
    slots: run.stats.slots,
    elapsedMs: run.stats.elapsedMs,
    medianMs: run.stats.runtime.value,
    running: run.jobs.list(),
    waitsFor: run.waitsFor,
  });
  if (!drawn) return tellProgress(() => ({ ...status(), drains: drainsOf(run, false) }), writeErr);
  const { terminalOn } = await import("../../cli/terminal-on.ts");
  const { LiveFrame, PATIENCE_MS } = await import("../../terminal/live-frame.ts");
  const { runKeys } = await import("./keys.ts");
  const terminal = terminalOn(2, { ascii, noColor: true });
  // Whoever is behind a pipe may use the terminal as well, and values may be typed into it.
  const listens = isTerminal(0) && isTerminal(1) && !readsStdin(splitSources(request.words).sources);
  const shared = outlets.filter((outlet) => outlet.onTerminal);
  const live = new LiveFrame({
    terminal,
    lines: (rows) => runFrame({ ...status(), drains: drainsOf(run, listens) }, terminal.style, rows),
    keys: listens ? runKeys(run) : undefined,
    patienceMs: PATIENCE_MS,
    belowOthers: true,
    isInTheWay: () => shared.some(({ backlog }) => backlog > 0),
  });
  for (const outlet of shared) outlet.beforeWrite = (bytes) => live.giveWay(bytes);
  live.start();
  return () => {
    live.stop();
    terminal.restore();
  };
}

/** Finds out how many jobs there will be. What somebody types is left to the terminal until it is needed. */
async function lookAhead(run: Run, { words, options }: RunRequest): Promise<void> {
  const { sources } = splitSources(words);
  if (run.total !== null || (isTerminal(0) && readsStdin(sources))) return;
  const { countAhead } = await import("../../jobs/input/count.ts");
  const rows = countAhead(sources, options.null ? "\0" : "\n");
  run.lookAhead(rows.then((count) => (count === null ? null : Math.ceil(count / (options.maxArgs ?? 1)))));
}

/** Whether no more jobs are started, or a key would see to it. */
function drainsOf(run: Run, keys: boolean): RunStatus["drains"] {
  if (run.stopReason === "drain") return "now";
  return keys && run.stopReason === null ? "onKey" : null;
}

/** Where nothing is drawn: says once that nothing is started, and why. @returns what ends it. */
function tellWaiting(run: Run, { options }: RunRequest): () => void {
  if (options.load === undefined && options.memfree === undefined) return () => {};
  let sinceMs: number | null = null;
  const timer = setInterval(() => {
    const waitsFor = run.waitsFor;
    sinceMs = waitsFor === null ? null : (sinceMs ?? nowMs());
    if (waitsFor === null || sinceMs === null || nowMs() - sinceMs < WAITING_TOLD_MS) return;
    writeErr(`lanes: ${text().waitingText(waitsFor)}\n`);
    clearInterval(timer);
  }, WAITING_LOOK_MS);
  return () => clearInterval(timer);
}
