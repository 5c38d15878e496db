/** The options that export a timeline, for every command that can. In a file of its own: plain lines read it too. */
import type { MessageKey } from "../i18n/index.ts";

export interface ExportOptions {
  readonly html?: string;
  readonly svg?: string;
  readonly trace?: string;
  readonly force?: boolean;
}

export type ExportFormat = "html" | "svg" | "trace";

export const exportFormats: readonly ExportFormat[] = ["html", "svg", "trace"];

const text = (value: string) => value;

export const exportOptions: readonly {
  readonly key: keyof ExportOptions;
  readonly flags: string;
  readonly parse?: (value: string) => string;
  readonly words: MessageKey;
}[] = [
  { key: "html", flags: "--html <file>", parse: text, words: "export.option.html" },
  { key: "svg", flags: "--svg <file>", parse: text, words: "export.option.svg" },
  { key: "trace", flags: "--trace <file>", parse: text, words: "export.option.trace" },
  { key: "force", flags: "--force", words: "export.option.force" },
];

/** Whether anything is to be exported. */
export function wantsExport(options: ExportOptions): boolean {
  return exportFormats.some((format) => options[format] !== undefined);
}
