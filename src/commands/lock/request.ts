/** The options of `lanes lock`, in the order of its help. Loads nothing that the command does not need to be read. */
import { flag, option } from "../../cli/table.ts";
import { anyText, invalid, wholeNumber } from "../../cli/values.ts";
import { ExitCode } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { maxSlots } from "./guard.ts";
import type { Guarded } from "./guarded.ts";

/** A lock command line, understood. */
export interface LockRequest extends Guarded {
  /** The exit code if the lock was not acquired. */
  readonly conflictCode: number;
}

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
};

const LONGEST_WAIT_SECONDS = 1e9;

/** Seconds as typed, in ms. @throws LanesError (usage). */
function seconds(value: string): number {
  const number = /^(\d{1,10}(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  if (number <= LONGEST_WAIT_SECONDS) return number * 1e3;
  throw invalid("wait", value, t("lock.seconds", { max: LONGEST_WAIT_SECONDS }));
}
