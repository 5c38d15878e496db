/** The options of `lanes lock`, in the order of its help. Loads nothing that the command does not need to be read. */
import { parseDuration } from "../../cli/amounts.ts";
import { flag, type Options, option } from "../../cli/table.ts";
import { anyText, invalid, oneOf, somePath, wholeNumber } from "../../cli/values.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { leaseLength } from "../lease-length.ts";
import type { LockedCommand, OnFarm } from "./locked-command.ts";
import { maxSlots } from "./run-locked.ts";

/** A lock command line, understood. */
export interface LockRequest extends LockedCommand {
  /** The exit code if the lock was not acquired. */
  readonly conflictCode: number;
}

/** Of a lock in a database: what it is held for without a renewal, and what happens to the command when it is lost. */
const standard = { lease: "30s", whenLost: "stop" } as const;

export const lockOptions = {
  nonblock: flag("-n, --nonblock", "lock.option.nonblock"),
  wait: option("-w, --wait, --timeout <seconds>", "lock.option.wait", seconds),
  slots: option("--slots <n>", "lock.option.slots", wholeNumber("slots", 1, maxSlots)),
  conflictExitCode: option(
    "-E, --conflict-exit-code <code>",
    "lock.option.conflict",
    wholeNumber("conflict-exit-code", 0, 255),
    ExitCode.notAcquired,
  ),
  shell: option("-c, --shell <string>", "lock.option.shell", anyText),
  noInherit: flag("-o, --no-inherit, --close", "lock.option.noInherit"),
  exclusive: flag("-x, -e, --exclusive", "lock.option.exclusive"),
  keep: flag("--keep", "lock.option.keep"),
  verbose: flag("--verbose", "lock.option.verbose"),
  on: option("--on <farm>", "lock.option.on", somePath("on")),
  lease: option("--lease <dur>", "lock.option.lease", leaseLength, standard.lease),
  whenLost: option(
    "--when-lost <stop|continue>",
    "lock.option.whenLost",
    oneOf("when-lost", ["stop", "continue"]),
    standard.whenLost,
  ),
};

/** What the options say of a farm; undefined: the lock is a file. @throws LanesError (usage) for what means nothing there. */
export function onFarm(options: Options<typeof lockOptions>): OnFarm | undefined {
  const { on: farm, lease, whenLost } = options;
  if (farm === undefined) {
    const alone = lease !== undefined ? "--lease" : whenLost !== undefined ? "--when-lost" : undefined;
    if (alone !== undefined) throw usageError("lock.onlyOn", { option: alone });
    return undefined;
  }
  const without = options.noInherit ? "--no-inherit" : options.keep ? "--keep" : undefined;
  if (without !== undefined) throw usageError("lock.notOn", { option: without });
  return { farm, leaseMs: lease ?? parseDuration("lease", standard.lease), whenLost: whenLost ?? standard.whenLost };
}

const LONGEST_WAIT_SECONDS = 1e9;

/** Seconds as typed, in ms. @throws LanesError (usage). */
function seconds(value: string): number {
  const number = /^(\d{1,10}(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  if (number <= LONGEST_WAIT_SECONDS) return number * 1e3;
  throw invalid("wait", value, t("lock.seconds", { max: LONGEST_WAIT_SECONDS }));
}
