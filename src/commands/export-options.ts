/** The options that export a timeline, for every command that can. */
import { flag, type Options, option } from "../cli/table.ts";
import { anyText } from "../cli/values.ts";

export type ExportFormat = "html" | "svg" | "trace";

export const exportFormats: readonly ExportFormat[] = ["html", "svg", "trace"];

export const exportOptions = {
  html: option("--html <file>", "export.option.html", anyText),
  svg: option("--svg <file>", "export.option.svg", anyText),
  trace: option("--trace <file>", "export.option.trace", anyText),
  force: flag("--force", "export.option.force"),
};

export type ExportOptions = Options<typeof exportOptions>;

/** Whether anything is to be exported. */
export function wantsExport(options: ExportOptions): boolean {
  return exportFormats.some((format) => options[format] !== undefined);
}
