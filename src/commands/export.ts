/**
 * Exporting what was recorded: places are checked before the work begins, files are written when it is over. Loaded only if
 * something is to be exported.
 */
import { ExitCode, LanesError, usageError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { absolutePath } from "../os/paths.ts";
import { Destination } from "../views/export/destination.ts";
import type { Report } from "../views/export/report.ts";
import { writeErr } from "../views/output.ts";
import { type ExportFormat, type ExportOptions, exportFormats } from "./export-options.ts";

export class Exports {
  readonly #destinations: readonly (readonly [ExportFormat, Destination])[];

  /** @throws LanesError (usage) if one of the files cannot be written: nothing has been started, and nothing is left. */
  constructor(options: ExportOptions) {
    this.#destinations = exportFormats.flatMap((format) => {
      const file = options[format];
      return file === undefined
        ? []
        : [[format, Destination.check(`--${format}`, file, options.force ?? false)] as const];
    });
    for (const [i, [one, { path, kind }]] of this.#destinations.entries()) {
      const same = this.#destinations.slice(i + 1).find(([, other]) => kind === "file" && other.path === path);
      if (same !== undefined)
        throw usageError("export.error.same", { one: `--${one}`, other: `--${same[0]}`, file: path });
    }
  }

  /**
   * Writes the files; what goes wrong with one is said, and the others are written all the same.
   * @param reportOf makes the report; `fine`: as finely as a trace is worth.
   * @param tell say on stderr what was written.
   * @returns 1 if a file could not be written, else 0.
   */
  async write(reportOf: (fine: boolean) => Report, tell: boolean): Promise<number> {
    let code: number = ExitCode.ok;
    let report: Report | undefined; // the page and the picture share one
    for (const [format, destination] of this.#destinations) {
      try {
        if (format !== "trace") report ??= reportOf(false);
        destination.write(await rendered(format, format === "trace" ? reportOf(true) : report!));
        if (tell) writeErr(`lanes: ${t("export.wrote", { file: absolutePath(destination.name) })}\n`);
      } catch (error) {
        if (!(error instanceof LanesError)) throw error;
        writeErr(`lanes: ${error.message}\n`);
        code = error.exitCode;
      }
    }
    return code;
  }
}

/** A report's text in a format, piece by piece. */
export async function rendered(format: ExportFormat, report: Report): Promise<Iterable<string>> {
  switch (format) {
    case "html":
      return (await import("../views/export/html.ts")).htmlText(report);
    case "svg":
      return [(await import("../views/export/svg.ts")).svgText(report)];
    case "trace":
      return (await import("../views/export/trace.ts")).traceText(report);
  }
}
