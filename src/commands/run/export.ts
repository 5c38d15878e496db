/** Exporting a `lanes run`: recorded while it goes on, in bounded memory; written when it is over, however it ended. */
import { RunChart } from "../../export/chart/run.ts";
import { runReport } from "../../export/report-run.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { typedArguments } from "../../recording/header.ts";
import type { RunResult } from "../../recording/results/run-result.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, type Telling } from "../exports.ts";

export class RunExport {
  readonly #chart = new RunChart({ pid: process.pid, ppid: process.ppid });
  readonly #exports: Exports;

  /** @throws LanesError (usage) if a file cannot be written. */
  constructor(options: ExportOptions) {
    this.#exports = new Exports(options);
  }

  add(event: LaneEvent<"run">): void {
    this.#chart.add(event);
  }

  /** @returns 1 if a file could not be written (said on stderr), else 0. */
  write(result: RunResult, tell: Telling): Promise<number> {
    const report = runReport({
      of: "run",
      argv: typedArguments(),
      result,
      chart: this.#chart.build(result.wallMs),
      ...this.#chart.failures,
      madeMs: Date.now(),
    });
    return this.#exports.write(() => report, tell);
  }
}
