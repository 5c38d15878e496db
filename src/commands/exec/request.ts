/** The options of `lanes exec`, in the order of its help. */
import type { Settings } from "../../cli/settings.ts";
import { flag, type Options } from "../../cli/table.ts";
import { exportOptions } from "../export-options.ts";

export const execOptions = {
  check: flag("--check", "exec.option.check"),
  live: flag("--live", "exec.option.live"),
  json: flag("--json", "exec.option.json"),
  jsonl: flag("--jsonl", "exec.option.jsonl"),
  ...exportOptions,
};

export interface ExecRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: Options<typeof execOptions>;
  readonly settings: Settings;
}
