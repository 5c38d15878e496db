/** The options of `lanes trace`, in the order of its help. */
import { flag, type Options } from "../../cli/table.ts";
import { exportOptions } from "../export-options.ts";

export const traceOptions = {
  live: flag("--live", "trace.option.live"),
  sample: flag("--sample", "trace.option.sample"),
  json: flag("--json", "trace.option.json"),
  jsonl: flag("--jsonl", "trace.option.jsonl"),
  ...exportOptions,
};

/** A command line, understood. */
export interface TraceRequest {
  readonly options: Options<typeof traceOptions>;
  /** COMMAND and its arguments. */
  readonly command: readonly string[];
  readonly quiet: boolean;
  readonly ascii: boolean;
  readonly noColor: boolean;
}
