/** What the command line is made of, for those who run it and those who describe it. */
import type { Command, OptionTable } from "../cli/table.ts";
import type { MessageKey } from "../i18n/phrase.ts";

/** A word after `lanes` that names a command. */
export interface CommandEntry {
  readonly summary: MessageKey;
  /** The words after it that name a command of their own. */
  readonly below?: readonly string[];
  /** The command, for these arguments: some have commands of their own below them. @throws LanesError (usage). */
  load(args: readonly string[]): Promise<Command>;
}

/** All of the command line. */
export interface CommandCatalog {
  readonly entries: Readonly<Record<string, CommandEntry>>;
  /** What `lanes` without a command takes. */
  readonly options: OptionTable;
  readonly examples: readonly (readonly [line: string, about: MessageKey])[];
}
