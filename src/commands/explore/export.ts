/** Exporting what `lanes explore` found: the place is checked before the first run, the page written after the last. */
import { exploreReport } from "../../export/report-explore.ts";
import { typedArguments } from "../../recording/header.ts";
import type { ExploreResult } from "../../recording/results/explore-result.ts";
import type { ExportOptions } from "../export-options.ts";
import { Exports, type Telling } from "../exports.ts";

export class ExploreExport {
  readonly #exports: Exports;

  /** @throws LanesError (usage) if the file cannot be written. */
  constructor(options: ExportOptions) {
    this.#exports = new Exports(options);
  }

  /** @returns 1 if it could not be written, else 0. */
  async write(result: ExploreResult, tell: Telling): Promise<number> {
    const madeMs = Date.now();
    return this.#exports.write(() => exploreReport(result, typedArguments(), madeMs), tell);
  }
}
