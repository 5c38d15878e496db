/** What a `lanes map` line asks for: its options, for commander and for the way that does without it. */
import { usageError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { parseDuration, parseJobs, parseSize } from "../jobs/amounts.ts";
import { usableCores } from "../process/cores.ts";
import { type ExportOptions, exportOptions } from "./export-options.ts";
import type { PlainOption } from "./plain.ts";
import { oneOf, quoted, wholeNumber } from "./settings.ts";

export interface MapOptions extends ExportOptions {
  readonly jobs?: number;
  readonly input?: "lines" | "jsonl";
  readonly output?: "jsonl" | "raw";
  readonly integers?: "string" | "number";
  readonly unordered?: boolean;
  readonly chunk?: number | "auto";
  readonly timeout?: number;
  readonly retries?: number;
  readonly onError?: "stop" | "skip" | "record";
  readonly recycle?: number;
  readonly maxRss?: number;
  readonly init?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly new?: string;
}

export interface MapRequest {
  /** FILE and the items. */
  readonly words: readonly string[];
  readonly options: MapOptions;
  readonly quiet: boolean;
}

const MOST_CHUNK = 65_535;
const text = (value: string) => value;

/** In the order of the help; their words are `map.option.KEY`. */
export const mapOptions: readonly PlainOption[] = [
  { key: "jobs", flags: "-j, --jobs <n>", parse: (value) => parseJobs("jobs", value, () => usableCores()) },
  { key: "input", flags: "--input <lines|jsonl>", parse: oneOf("input", ["lines", "jsonl"]) },
  { key: "output", flags: "--output <jsonl|raw>", parse: oneOf("output", ["jsonl", "raw"]) },
  { key: "integers", flags: "--integers <string|number>", parse: oneOf("integers", ["string", "number"]) },
  { key: "unordered", flags: "--unordered" },
  { key: "chunk", flags: "--chunk <auto|n>", parse: parseChunk },
  { key: "timeout", flags: "--timeout <dur>", parse: parseTimeout },
  { key: "retries", flags: "--retries <n>", parse: wholeNumber("retries", 0, 1_000_000) },
  { key: "onError", flags: "--on-error <stop|skip|record>", parse: oneOf("on-error", ["stop", "skip", "record"]) },
  { key: "recycle", flags: "--recycle <n>", parse: wholeNumber("recycle", 1, 1_000_000_000) },
  { key: "maxRss", flags: "--max-rss <size>", parse: (value) => parseSize("max-rss", value) },
  { key: "init", flags: "--init <export>", parse: text },
  { key: "json", flags: "--json" },
  { key: "jsonl", flags: "--jsonl" },
  { key: "new", flags: "--new <file>", parse: text },
  ...exportOptions,
];

function parseChunk(value: string): number | "auto" {
  if (value === "auto") return value;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= MOST_CHUNK) return number;
  const expected = t("map.chunk.expected", { max: MOST_CHUNK });
  throw usageError("cli.number", { option: "chunk", value: quoted(value), expected });
}

function parseTimeout(value: string): number {
  const ms = parseDuration("timeout", value);
  if (ms > 0) return ms;
  throw usageError("cli.number", { option: "timeout", value: quoted(value), expected: t("run.expected.duration") });
}
