/** Exporting a program that was watched: the same as a replay of its recording exports. */
import { savedReport } from "../../export/report-saved.ts";
import { headerOf } from "../../recording/header.ts";
import type { Recording } from "../../recording/recording.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, TRACE_SEGMENTS } from "../exports.ts";
import type { ExecDocument } from "./document.ts";

export class ExecExport {
  readonly #exports: Exports;

  /** @throws LanesError (usage) if a file cannot be written. */
  constructor(options: ExportOptions) {
    this.#exports = new Exports(options);
  }

  /** @returns 1 if a file could not be written (said on stderr), else 0. */
  write(
    recording: Recording,
    main: { readonly pid: number; readonly ppid: number },
    document: ExecDocument,
    tell: boolean,
  ): Promise<number> {
    const header = headerOf({ of: "exec" }, main);
    const saved = { header, events: recording.events(), skipped: 0, told: undefined, result: { ...document } };
    const report = (fine: boolean) => savedReport(saved, undefined, Date.now(), fine ? TRACE_SEGMENTS : undefined);
    return this.#exports.write(report, tell);
  }
}
