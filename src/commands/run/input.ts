/** What the jobs of `lanes run` read. */
import { openSync } from "node:fs";
import type { JobInput } from "../../jobs/attempt.ts";
import { readsStdin, type ValueSource } from "../../jobs/input/values.ts";
import { isTerminal } from "../../os/tty/tty.ts";

/**
 * Nothing; with `--tty` what lanes reads itself, unless the values are there: a job would take them from the jobs they are
 * for, and leave half a value. It gets the terminal instead, as from `xargs -o`, or nothing where there is none.
 */
export function jobInput(tty: boolean, sources: readonly ValueSource[]): JobInput {
  if (!tty) return "ignore";
  if (isTerminal(0) || !readsStdin(sources)) return "inherit";
  try {
    return openSync("/dev/tty", "r");
  } catch {
    return "ignore";
  }
}
