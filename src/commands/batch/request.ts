/** The options of `lanes batch`, in the order of its help. */
import { flag, type Options, option } from "../../cli/table.ts";
import { somePath } from "../../cli/values.ts";

export const batchOptions = {
  attach: flag("--attach", "batch.option.attach"),
  joblog: option("--joblog <file>", "batch.option.joblog", somePath("joblog")),
  cancel: flag("--cancel", "batch.option.cancel"),
  remove: flag("--remove", "batch.option.remove"),
  json: flag("--json", "batch.option.json"),
  progress: flag("--progress", "run.option.progress"),
  summary: flag("--summary", "run.option.summary"),
};

/** What is to be done with a batch. */
export interface BatchRequest {
  readonly farm: string;
  /** Undefined: all of them. */
  readonly name: string | undefined;
  readonly options: Options<typeof batchOptions>;
  readonly quiet: boolean;
  readonly ascii: boolean;
}
