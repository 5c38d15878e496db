/**
 * The command line as data. A command is a row here with a table of options; one parser (parse.ts) reads every command's
 * line by its table, and help, completions, the manual page and suggestions are rendered from the same table, so that none
 * of them can say what another does not.
 */
import type { MessageKey } from "../i18n/phrase.ts";

/** Words about something: a message, or a text that is put together when it is asked for. */
export type About = MessageKey | (() => string);

/** An option, and how its value is read. */
export interface Option<Value = unknown> {
  /** As the help shows it: `-j, --jobs <n>`; `--shell[=<path>]` where the value can be left out; `--tag` is a switch. */
  readonly flags: string;
  readonly about: About;
  readonly takes: "nothing" | "value" | "optional";
  /**
   * The meaning of a value; `undefined` where the option stands without one.
   * @param before what the same option earlier on the line has come to: the last one counts, unless they add up.
   * @throws LanesError (usage) for a value that the help does not promise.
   */
  read(value: string | undefined, before: Value | undefined): Value;
  /** The key of an option that it takes back: of `--shell --no-shell` the last one counts. */
  readonly undoes?: string;
  /** Of a value that can be left out: whether the word that follows is one. */
  readonly takesWord?: (word: string) => boolean;
  /** Its value where it is not given, if the help is to name it. */
  readonly standard?: string | number;
}

/** A command's options, by the names its code calls them. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What the options of a table come to on a line: those that were given. */
export type Options<T extends OptionTable> = {
  readonly [K in keyof T]?: T[K] extends Option<infer Value> ? Value : never;
};

/** An option without a value. */
export function flag(flags: string, about: About): Option<true> {
  return { flags, about, takes: "nothing", read: () => true };
}

/** An option with a value. */
export function option<Value>(
  flags: string,
  about: About,
  read: (value: string, before: Value | undefined) => Value,
  standard?: string | number,
): Option<Value> {
  const base = { flags, about, takes: "value", read: (value = "", before?: Value) => read(value, before) } as const;
  return standard === undefined ? base : { ...base, standard };
}

/** An option whose value is joined to it (`--shell=bash`) or left out. */
export function optional<Value>(
  flags: string,
  about: About,
  read: (value: string | undefined) => Value,
): Option<Value> {
  return { flags, about, takes: "optional", read: (value) => read(value) };
}

/** The names an option goes by: `-j` and `--jobs`. */
export function namesOf({ flags }: Option): string[] {
  return flags.split(/[ ,]+/).flatMap((word) => /^--?[\w-]+/.exec(word) ?? []);
}

/** What its value is called: `n`, `en|zh`; undefined for a switch. */
export function valueNameOf({ flags }: Option): string | undefined {
  return /<([^>]+)>\]?$/.exec(flags)?.[1];
}

/** A word that is no option. */
export interface Operand {
  readonly name: string;
  /** What the help says of it; nothing where the usage line says enough. */
  readonly about?: About;
  readonly optional?: boolean;
  /** It and all that follow. */
  readonly many?: boolean;
  /** The words it is one of, if it is. */
  readonly words?: readonly string[];
}

/** A command: everything that is known of it before it runs. */
export interface Command<T extends OptionTable = OptionTable> {
  /** As typed: `demo race`. */
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  /** What the help says below the usage line; its first line is what lists of commands say. */
  readonly about: About;
  /** Command lines, and what they do. */
  readonly examples: readonly (readonly [line: string, about: About])[];
  readonly operands: readonly Operand[];
  /**
   * How many operands can stand before an option: with 0 the first operand ends the options, because what follows is
   * somebody else's command line. Infinity: options stand anywhere.
   */
  readonly optionsUntil: number;
  readonly options: T;
  /** Does it. @returns the exit code. @throws LanesError. */
  run(line: CommandLine<T>): Promise<number>;
}

/** A command line, understood. */
export interface CommandLine<T extends OptionTable = OptionTable> {
  readonly options: Options<T>;
  readonly words: readonly string[];
  readonly common: Options<typeof commonOptions>;
}

/** The name of a language, as `--lang` takes it; parse.ts has checked it. */
type LanguageName = "en" | "zh";

/** The options of every command. */
export const commonOptions = {
  lang: option<LanguageName>("--lang <en|zh>", "option.lang", (value) => value as LanguageName),
  noColor: flag("--no-color", "option.noColor"),
  ascii: flag("--ascii", "option.ascii"),
  quiet: flag("-q, --quiet", "option.quiet"),
  help: flag("-h, --help", "option.help"),
} satisfies OptionTable;

/** The option of commands that play demos. */
export const stateOption = { noState: flag("--no-state", "option.noState") };

/** A command of any options, for those that handle all of them alike. */
export function command<T extends OptionTable>(row: Command<T>): Command<T> {
  return row;
}
