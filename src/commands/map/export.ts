/** Exporting a `lanes map`: recorded while it goes on, in bounded memory; written when it is over, however it ended. */
import { MapChart } from "../../export/chart/map.ts";
import { mapReport } from "../../export/report-map.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { typedArguments } from "../../recording/header.ts";
import type { ItemUnit, MapResult } from "../../recording/results/map-result.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, type Telling } from "../exports.ts";

export class MapExport {
  readonly #chart = new MapChart({ pid: process.pid, ppid: process.ppid });
  readonly #exports: Exports;

  /** @throws LanesError (usage) if a file cannot be written. */
  constructor(options: ExportOptions) {
    this.#exports = new Exports(options);
  }

  add(event: LaneEvent<"map">): void {
    this.#chart.add(event);
  }

  /** @returns 1 if a file could not be written (said on stderr), else 0. */
  write(result: MapResult, unit: ItemUnit, tell: Telling): Promise<number> {
    const report = mapReport({
      of: "map",
      argv: typedArguments(),
      result,
      chart: this.#chart.build(result.elapsedMs),
      ...this.#chart.failures,
      unit,
      madeMs: Date.now(),
    });
    return this.#exports.write(() => report, tell);
  }
}
