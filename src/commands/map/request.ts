/** The options of `lanes map`, in the order of its help. */
import { parseDuration, parseJobs, parseSize } from "../../cli/amounts.ts";
import { flag, type Options, option } from "../../cli/table.ts";
import { anyText, invalid, oneOf, somePath, wholeNumber } from "../../cli/values.ts";
import { t } from "../../i18n/index.ts";
import { usableCores } from "../../os/cores.ts";
import { exportOptions } from "../export-options.ts";
import { leaseLength, standardLease } from "../lease-length.ts";

const MOST_CHUNK = 65_535;

export const mapOptions = {
  jobs: option("-j, --jobs <n>", "map.option.jobs", (value) => parseJobs("jobs", value, () => usableCores())),
  input: option("--input <lines|jsonl>", "map.option.input", oneOf("input", ["lines", "jsonl"])),
  output: option("--output <jsonl|raw>", "map.option.output", oneOf("output", ["jsonl", "raw"])),
  integers: option("--integers <string|number>", "map.option.integers", oneOf("integers", ["string", "number"])),
  unordered: flag("--unordered", "map.option.unordered"),
  chunk: option("--chunk <auto|n>", "map.option.chunk", parseChunk),
  timeout: option("--timeout <dur>", "map.option.timeout", parseTimeout),
  retries: option("--retries <n>", "map.option.retries", wholeNumber("retries", 0, 1_000_000)),
  onError: option("--on-error <stop|skip|record>", "map.option.onError", oneOf("on-error", ["stop", "skip", "record"])),
  recycle: option("--recycle <n>", "map.option.recycle", wholeNumber("recycle", 1, 1_000_000_000)),
  maxRss: option("--max-rss <size>", "map.option.maxRss", (value) => parseSize("max-rss", value)),
  init: option("--init <export>", "map.option.init", anyText),
  summary: flag("--summary", "map.option.summary"),
  json: flag("--json", "map.option.json"),
  jsonl: flag("--jsonl", "map.option.jsonl"),
  on: option("--on <farm>", "map.option.on", somePath("on")),
  noWork: flag("--no-work", "map.option.noWork"),
  moduleHere: flag("--module-here", "map.option.moduleHere"),
  lease: option("--lease <dur>", "run.option.lease", leaseLength, standardLease),
  new: option("--new <file>", "map.option.new", anyText),
  ...exportOptions,
};

export type MapOptions = Options<typeof mapOptions>;

export interface MapRequest {
  /** FILE and the items. */
  readonly words: readonly string[];
  readonly options: MapOptions;
  readonly quiet: boolean;
}

function parseChunk(value: string): number | "auto" {
  if (value === "auto") return value;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= MOST_CHUNK) return number;
  const expected = t("map.chunk.expected", { max: MOST_CHUNK });
  throw invalid("chunk", value, expected);
}

/** `0`: as long as it likes. */
function parseTimeout(value: string): number | null {
  return parseDuration("timeout", value) || null;
}
