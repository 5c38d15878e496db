/** The options of `lanes run` that are about a farm. */
import { parseSize } from "../../../cli/amounts.ts";
import { flag, type Options, option } from "../../../cli/table.ts";
import { invalid, somePath } from "../../../cli/values.ts";
import { usageError } from "../../../errors.ts";
import { t } from "../../../i18n/index.ts";
import { leaseLength, standardLease } from "../../lease-length.ts";

/** If nothing is said: of each stream. */
export const farmDefaults = { maxOutput: "64M" } as const;

export const farmOptions = {
  on: option("--on <farm>", "run.option.on", somePath("on")),
  noWork: flag("--no-work", "run.option.noWork"),
  detach: flag("--detach", "run.option.detach"),
  name: option("--name <name>", "run.option.name", batchName),
  env: option("--env <name>", "run.option.env", (value, before: readonly string[] = []) => [
    ...before,
    someVariable(value),
  ]),
  noOverlap: flag("--no-overlap", "run.option.noOverlap"),
  maxOutput: option(
    "--max-output <size>",
    "run.option.maxOutput",
    (value) => parseSize("max-output", value),
    farmDefaults.maxOutput,
  ),
  lease: option("--lease <dur>", "run.option.lease", leaseLength, standardLease),
};

/** Characters of a batch's name. */
const LONGEST_NAME = 200;

/** The name of a batch: text that can be shown, and typed again. @throws LanesError (usage). */
export function batchName(value: string): string {
  if (/^[^\s\p{C}-][^\s\p{C}]*$/u.test(value) && value.length <= LONGEST_NAME) return value;
  throw invalid("name", value, t("run.expected.name", { most: LONGEST_NAME }));
}

/** The name of a variable that goes with the jobs. GNU parallel's `_` (all) would be the machine's own settings too. */
function someVariable(value: string): string {
  if (value !== "" && !value.includes("=")) return value;
  throw invalid("env", value, t("run.expected.variable"));
}

/** What the farm's options say; undefined: the jobs are done here. @throws LanesError (usage) for what means nothing with, or without, one. */
export function onFarm(options: Options<typeof farmOptions> & Readonly<Record<string, unknown>>): string | undefined {
  const given = (names: readonly string[]) => names.find((name) => options[name] !== undefined);
  const spelled = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (options.on === undefined) {
    const alone = given(["noWork", "detach", "name", "noOverlap", "maxOutput", "lease"]);
    if (alone !== undefined) throw usageError("run.onlyOn", { option: spelled(alone) });
    return undefined;
  }
  const local = given(["tty", "lineBuffer"]);
  if (local !== undefined) throw usageError("run.notOn", { option: spelled(local) });
  const working = given(["memfree", "load"]);
  if (working !== undefined) throw usageError("run.notOn.work", { option: spelled(working) });
  const reading = options.detach ? given(["results", "joblog", "json", "jsonl", "html", "svg", "trace"]) : undefined;
  if (reading !== undefined) throw usageError("run.notDetached", { option: spelled(reading) });
  return options.on;
}
