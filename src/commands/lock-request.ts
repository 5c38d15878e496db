/**
 * `lanes lock [options] FILE [options] [--] COMMAND...`, the plain cases of it, read without a parser library: it is started
 * as often as the commands it guards, and loading one takes as long as all the rest. What is not plain (help, subcommands,
 * joined options, a mistake) is left to lock.ts, which knows all of it; where both understand a line they mean the same.
 */
import { ExitCode } from "../errors.ts";
import { type Guarded, maxSlots } from "../lock/guard.ts";
import { lockSubcommands } from "./lock-subcommands.ts";

/** A lock command line, understood. */
export interface LockRequest extends Guarded {
  /** The exit code if the lock was not acquired. */
  readonly conflictCode: number;
}

/** Seconds as typed, in ms; undefined if they are none. */
export function parseSeconds(value: string): number | undefined {
  const seconds = /^(\d{1,10}(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  return seconds <= longestWaitSeconds ? seconds * 1e3 : undefined;
}
export const longestWaitSeconds = 1e9;

/** An exit code as typed; undefined if it is none. */
export function parseExitCode(value: string): number | undefined {
  return /^\d{1,3}$/.test(value) && Number(value) <= 255 ? Number(value) : undefined;
}

/** A number of slots as typed; undefined if it is none. */
function parseSlots(value: string): number | undefined {
  const slots = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  return slots >= 1 && slots <= maxSlots ? slots : undefined;
}

/** The request a plain line makes; undefined if it is not plain. */
export function plainRequest(args: readonly string[]): LockRequest | undefined {
  let file: string | undefined;
  let wait: number | undefined;
  let conflictCode: number | undefined = ExitCode.notAcquired;
  let slots: number | undefined;
  const set = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "--" || (file !== undefined && !word.startsWith("-"))) {
      const command = args.slice(word === "--" ? at + 1 : at);
      if (file === undefined || command.length === 0) return undefined;
      const inherit = !set.has("o");
      return {
        file,
        command,
        slots,
        wait: set.has("n") ? 0 : wait,
        conflictCode,
        inherit,
        keep: set.has("keep"),
        verbose: set.has("verbose"),
      };
    }
    if (word === "-w" || word === "--wait") {
      wait = parseSeconds(args[++at] ?? "");
      if (wait === undefined) return undefined;
    } else if (word === "-E" || word === "--conflict-exit-code") {
      conflictCode = parseExitCode(args[++at] ?? "");
      if (conflictCode === undefined) return undefined;
    } else if (word === "--slots") {
      slots = parseSlots(args[++at] ?? "");
      if (slots === undefined) return undefined;
    } else if (flags.has(word)) set.add(flags.get(word) ?? word);
    else if (word === "" || word.startsWith("-") || lockSubcommands.some((name) => name === word)) return undefined;
    else file = word;
  }
  return undefined;
}

const flags = new Map([
  ["-n", "n"],
  ["--nonblock", "n"],
  ["-o", "o"],
  ["--no-inherit", "o"],
  ["--keep", "keep"],
  ["--verbose", "verbose"],
]);
