/** Whether a run or a map ends with a line that sums it up: the rule is the same for both. */
import { isTerminal } from "../os/tty/tty.ts";

/**
 * It does where a person sits, where not all went well, and where it was asked for: on success a script hears nothing.
 * @param good everything was done, and nothing failed.
 */
export function sumsUp(options: { readonly summary?: boolean; readonly quiet: boolean }, good: boolean): boolean {
  return options.summary === true || (!options.quiet && (!good || isTerminal(2)));
}

/** What it says of the files it wrote (a page, a picture): by the same rule. */
export function tellsOfFiles(options: { readonly summary?: boolean; readonly quiet: boolean }): boolean | "trouble" {
  return sumsUp(options, true) || (options.quiet ? false : "trouble");
}
