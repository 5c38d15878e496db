/** Exporting a `lanes map`: recorded while it goes on, in bounded memory; written when it is over, however it ended. */

import { typedCommand } from "../../cli/quoted.ts";
import { MapChart } from "../../export/chart/map.ts";
import { mapReport } from "../../export/report-map.ts";
import type { Failure, PoolEvent, Summary } from "../../pool/index.ts";
import type { Unit } from "../../show/map-text.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, type Telling } from "../exports.ts";

/** Failures told in full; all are counted. */
const FAILURES = 100;

export class MapExport {
  readonly #chart = new MapChart({ pid: process.pid, ppid: process.ppid });
  readonly #failures: Failure[] = [];
  readonly #exports: Exports;

  /** @throws LanesError (usage) if a file cannot be written. */
  constructor(options: ExportOptions) {
    this.#exports = new Exports(options);
  }

  add(event: PoolEvent): void {
    this.#chart.add(event);
  }

  failed(failure: Failure): void {
    if (this.#failures.length < FAILURES) this.#failures.push(failure);
  }

  /** @returns 1 if a file could not be written (said on stderr), else 0. */
  write(summary: Summary, unit: Unit, signal: string | null, tell: Telling): Promise<number> {
    const report = mapReport({
      command: typedCommand(),
      summary,
      chart: this.#chart.build(summary.elapsedMs),
      failures: this.#failures,
      unit,
      signal,
      madeMs: Date.now(),
    });
    return this.#exports.write(() => report, tell);
  }
}
