/**
 * Exporting what was recorded: places are checked before the work begins, files are written when it is over. Loaded only if
 * something is to be exported.
 */
import { ExitCode, LanesError, usageError } from "../errors.ts";
import { Destination } from "../export/destination.ts";
import type { Report } from "../export/report.ts";
import { t } from "../i18n/index.ts";
import { absolutePath } from "../os/bytes/paths.ts";
import { writeErr } from "../os/stdout.ts";
import { type ExportFormat, type ExportOptions, exportFormats } from "./export-options.ts";

/** Segments of a trace of a demo or a program: programs for traces take many more than a page does. */
export const TRACE_SEGMENTS = 100_000;

/** Whether what was written is said. */
export type Telling = boolean | "trouble";

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
   * @param tell say on stderr what was written; `trouble`: only if something else could not be.
   * @returns 1 if a file could not be written, else 0.
   */
  async write(reportOf: (fine: boolean) => Report, tell: Telling): Promise<number> {
    const written: string[] = [];
    let code: number = ExitCode.ok;
    let report: Report | undefined; // the page and the picture share one
    for (const [format, destination] of this.#destinations) {
      try {
        if (format !== "trace") report ??= reportOf(false);
        destination.write(await rendered(format, format === "trace" ? reportOf(true) : report!));
        written.push(`lanes: ${t("export.wrote", { file: absolutePath(destination.name) })}\n`);
        if (tell === true) writeErr(written.at(-1) ?? "");
      } catch (error) {
        if (!(error instanceof LanesError)) throw error;
        writeErr(`lanes: ${error.message}\n`);
        code = error.exitCode ?? ExitCode.failed;
      }
    }
    if (tell === "trouble" && code !== ExitCode.ok) writeErr(written.join(""));
    return code;
  }
}

/** A report's text in a format, piece by piece. */
export async function rendered(format: ExportFormat, report: Report): Promise<Iterable<string>> {
  switch (format) {
    case "html":
      return (await import("../export/html.ts")).htmlText(report);
    case "svg":
      return [(await import("../export/svg.ts")).svgText(report)];
    case "trace":
      return (await import("../export/trace.ts")).traceFileText(report);
  }
}
