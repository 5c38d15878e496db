/** Showing a run to a person: the live view at a terminal, a line now and then elsewhere if it was asked for. */
import type { Outlet } from "../jobs/outlet.ts";
import type { JobRun } from "../jobs/run.ts";
import { isTerminal } from "../os/tty.ts";
import { writeErr } from "../views/output.ts";
import type { RunRequest } from "./run-request.ts";

/**
 * Begins to show it, if anybody is to see it.
 * @param outlets make room for the view before they write, if they write to a terminal.
 * @returns what ends it.
 */
export async function watchRun(run: JobRun, request: RunRequest, outlets: readonly Outlet[]): Promise<() => void> {
  const { quiet, ascii, options } = request;
  const drawn = isTerminal(2) && !process.env.CI && process.env.TERM !== "dumb" && !options.jsonl;
  if (quiet || options.tty || (!drawn && !options.progress)) return () => {};
  // Loaded only for somebody who looks.
  const { LiveRun, tellProgress } = await import("../views/run-live.ts");
  const status = () => ({
    done: run.stats.jobs,
    failed: run.stats.failed,
    total: run.total === null ? null : run.total - run.stats.skipped,
    slots: run.stats.slots,
    elapsedMs: run.stats.elapsedMs,
    medianMs: run.stats.runtime.value,
    running: run.jobs.list(),
  });
  if (!drawn) return tellProgress(status, writeErr);
  const { Terminal } = await import("../views/terminal.ts");
  const terminal = new Terminal({ out: 2, input: () => process.stdin, ascii, color: false });
  const live = new LiveRun(terminal, status);
  for (const outlet of outlets) if (outlet.onTerminal) outlet.beforeWrite = () => live.hide();
  live.start();
  const ended = terminal.onResize(() => live.hide());
  return () => {
    live.stop();
    ended();
  };
}
