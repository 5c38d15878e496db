/** The options of `lanes work`, in the order of its help. */
import { parseDuration, parseJobs, parseLoad, parseSize } from "../../cli/amounts.ts";
import { flag, type Options, option, optional } from "../../cli/table.ts";
import { anyText, oneOf, somePath, wholeNumber } from "../../cli/values.ts";
import { usableCores } from "../../os/cores.ts";
import { leaseLength, standardLease } from "../lease-length.ts";

/** Cores are counted only when an option asks for them. */
const cores = () => usableCores();

/** What a worker's jobs can be. */
export const jobKinds = ["run", "map"] as const;

export const workOptions = {
  jobs: option("-j, --jobs <n>", "run.option.jobs", (value) => parseJobs("jobs", value, cores)),
  wd: option("--wd <dir>", "work.option.wd", somePath("wd")),
  name: option("--name <name>", "work.option.name", anyText),
  untilEmpty: {
    ...optional("--until-empty[=<dur>]", "work.option.untilEmpty", (value) =>
      value === undefined ? 0 : parseDuration("until-empty", value),
    ),
    takesWord: (word: string) => /^[.\d]+[a-z\d.]*$/.test(word),
  },
  maxJobs: option("--max-jobs <n>", "work.option.maxJobs", wholeNumber("max-jobs", 1, 1e15)),
  only: option("--only <run|map>", "work.option.only", oneOf("only", ["run", "map"])),
  memfree: option("--memfree <size>", "run.option.memfree", (value) => parseSize("memfree", value)),
  load: option("--load <n>", "run.option.load", (value) => parseLoad("load", value, cores)),
  nice: option("--nice <n>", "work.option.nice", wholeNumber("nice", 0, 19)),
  lease: option("--lease <dur>", "run.option.lease", leaseLength, standardLease),
  giveUp: option("--give-up <dur>", "work.option.giveUp", (value) => parseDuration("give-up", value)),
  setup: flag("--setup", "work.option.setup"),
  json: flag("--json", "work.option.json"),
};

/** A work command line, understood. */
export interface WorkRequest {
  readonly farm: string;
  readonly options: Options<typeof workOptions>;
  readonly quiet: boolean;
}
