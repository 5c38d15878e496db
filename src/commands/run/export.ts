/** Exporting a `lanes run`: recorded while it goes on, in bounded memory; written when it is over, however it ended. */

import { typedCommand } from "../../cli/quoted.ts";
import { RunChart } from "../../export/chart/run.ts";
import { runReport } from "../../export/report-run.ts";
import type { RunEvent, RunSummary } from "../../jobs/events.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, type Telling } from "../exports.ts";

export class RunExport {
  readonly #chart = new RunChart({ pid: process.pid, ppid: process.ppid });
  readonly #exports: Exports;

  /** @throws LanesError (usage) if a file cannot be written. */
  constructor(options: ExportOptions) {
    this.#exports = new Exports(options);
  }

  add(event: RunEvent): void {
    this.#chart.add(event);
  }

  /** @returns 1 if a file could not be written (said on stderr), else 0. */
  write(summary: RunSummary, signal: string | null, tell: Telling): Promise<number> {
    const report = runReport({
      command: typedCommand(),
      summary,
      chart: this.#chart.build(summary.wallMs),
      signal,
      madeMs: Date.now(),
    });
    return this.#exports.write(() => report, tell);
  }
}
