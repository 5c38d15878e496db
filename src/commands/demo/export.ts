/** Exporting a demo, just played or kept as a recording. */
import { statSync } from "node:fs";
import { isDemoName, loadDemo } from "../../demos/catalog.ts";
import type { Played } from "../../demos/play.ts";
import { demoReport, type ReportedDemo } from "../../export/report-demo.ts";
import { savedReport } from "../../export/report-saved.ts";
import { systemPath } from "../../os/bytes/paths.ts";
import type { Saved } from "../../recording/saved.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, TRACE_SEGMENTS } from "../exports.ts";

/**
 * Exports a demo: one that was just played, or one that a recording tells of.
 * @param tell say on stderr what was written.
 * @returns 1 if a file could not be written (said on stderr), else 0.
 */
export function exportDemo(exports: Exports, demo: ReportedDemo, tell: boolean): Promise<number> {
  return exports.write((fine) => demoReport(demo, fine ? TRACE_SEGMENTS : undefined), tell);
}

/** Checks the places now; what it returns exports to them a demo that was played, as {@link exportDemo} does. */
export function demoExport(options: ExportOptions): (played: Played, tell: boolean) => Promise<number> {
  const exports = new Exports(options);
  return (played, tell) => exportDemo(exports, reported(played), tell);
}

/** Checks the places now; what it returns exports a recording to them that was read from a file. */
export function savedExport(options: ExportOptions): (saved: Saved, file: string, tell: boolean) => Promise<number> {
  const exports = new Exports(options);
  return async (saved, file, tell) => {
    const { demo: name = "" } = saved.header;
    const demo = isDemoName(name) ? await loadDemo(name) : undefined;
    const madeMs = Math.floor(statSync(systemPath(file)).mtimeMs); // as good as known: it was written while it happened
    return exports.write((fine) => savedReport(saved, demo, madeMs, fine ? TRACE_SEGMENTS : undefined), tell);
  };
}

/** What a report says of a demo that was just played. */
export function reported({ demo, document, outcome, recording }: Played): ReportedDemo {
  const { params, ok, elapsedMs, parent } = document;
  const madeMs = recording.originMs + elapsedMs;
  return { demo, params, ok, elapsedMs, parent, events: recording.events(), outcome, madeMs };
}
