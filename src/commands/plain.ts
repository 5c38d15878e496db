/**
 * Plain command lines, read without commander, which takes 4 ms to load and to be told the options. Only what is beyond
 * doubt is read here; a mistake, a request for help, a common option is left to commander, and said in its way.
 */
import { LanesError } from "../errors.ts";
import type { MessageKey } from "../i18n/index.ts";

/** An option as commander is told it, and what its value means. */
export interface PlainOption {
  readonly key: string;
  /** `-j, --jobs <n>`; without a value it is a switch. */
  readonly flags: string;
  readonly parse?: (value: string) => unknown;
  /** What the help says, if not what its command says of an option of this key. */
  readonly words?: MessageKey;
}

export interface PlainLine {
  readonly options: Readonly<Record<string, unknown>>;
  /** From the first word on that is no option. */
  readonly words: readonly string[];
  readonly quiet: boolean;
}

/** The options and words of a line; undefined if it is not plain. */
export function plainLine(known: readonly PlainOption[], args: readonly string[]): PlainLine | undefined {
  const options: Record<string, unknown> = {};
  let quiet = false;
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at] ?? "";
    if (!word.startsWith("-")) break;
    if (word === "-q" || word === "--quiet") {
      quiet = true;
      continue;
    }
    const [, name = "", joined] = /^(--[\w-]+|-\w)(?:=?(.+))?$/s.exec(word) ?? [];
    const option = known.find(({ flags }) => flags.split(/[ ,]+/).includes(name));
    if (option === undefined || (option.parse === undefined && joined !== undefined)) return undefined;
    const value = option.parse === undefined ? "" : (joined ?? args[++at]);
    if (value === undefined) return undefined;
    try {
      options[option.key] = option.parse?.(value) ?? true;
    } catch (error) {
      if (error instanceof LanesError) return undefined;
      throw error;
    }
  }
  return { options, words: args.slice(at), quiet };
}
