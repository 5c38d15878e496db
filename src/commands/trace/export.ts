/** Exporting a `lanes trace`: places are checked before the command starts, files written when it has ended. */
import { traceReport } from "../../export/report-trace.ts";
import { typedArguments } from "../../recording/header.ts";
import type { TraceResult } from "../../recording/results/trace-result.ts";
import type { TraceLanes } from "../../recording/trace-lanes.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, type Telling, TRACE_SEGMENTS } from "../exports.ts";

export class TraceExport {
  readonly #exports: Exports;

  /** @throws LanesError (usage) if a file cannot be written. */
  constructor(options: ExportOptions) {
    this.#exports = new Exports(options);
  }

  /** What cannot be written is said on stderr: the exit code is the command's. */
  async write(result: TraceResult, lanes: TraceLanes, tell: Telling): Promise<void> {
    const { pid, ppid } = process;
    const reported = { lanes, result, argv: typedArguments(), parent: { pid, ppid }, lastMs: result.wallMs };
    const madeMs = Date.now();
    await this.#exports.write((fine) => traceReport({ ...reported, madeMs }, fine ? TRACE_SEGMENTS : undefined), tell);
  }
}
