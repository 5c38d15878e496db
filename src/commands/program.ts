/** What the command line is made of: a table of it, for those who run it and those who describe it. */
import type { Command } from "commander";
import type { MessageKey } from "../i18n/index.ts";

/** A word after `lanes` that names a command. */
export interface Entry {
  readonly summary: MessageKey;
  /** The words after it that name a command of their own. */
  readonly below?: readonly string[];
  /** Makes the command; `args` are its arguments, for one whose options depend on them. */
  load(args: readonly string[]): Promise<Command>;
}

/** An option of `lanes` without a command: `-q, --quiet`. */
export interface ProgramOption {
  readonly flags: string;
  readonly summary: MessageKey;
  /** `lanes` with this option is still the menu; without it, it prints something and ends. */
  readonly menu: boolean;
}

export interface Program {
  readonly commands: Readonly<Record<string, Entry>>;
  readonly options: readonly ProgramOption[];
  readonly examples: readonly (readonly [command: string, what: MessageKey])[];
}
