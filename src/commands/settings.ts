/** The options every command takes, and what the environment says when they are not given. */
import type { Command } from "commander";
import { usageError } from "../errors.ts";
import { currentLanguage, isLanguage, type Language, languageFrom, setLanguage, t } from "../i18n/index.ts";
import type { Style } from "../views/style.ts";
import { isTerminal, windowSize } from "../views/tty.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  readonly language: Language;
  /** Escape sequences may be written to this stream: it is a terminal, and nobody asked for none. */
  readonly color: boolean;
  readonly ascii: boolean;
  readonly quiet: boolean;
  /** What a person plays is remembered in later runs. */
  readonly state: boolean;
}

/** Their long names, help included. */
export const commonOptions: readonly string[] = ["--lang", "--no-color", "--ascii", "--quiet", "--help"];

/** Adds the options to a command. */
export function withSettings(command: Command): Command {
  return command
    .option("--lang <en|zh>", t("option.lang"), parseLanguage)
    .option("--no-color", t("option.noColor"))
    .option("--ascii", t("option.ascii"))
    .option("-q, --quiet", t("option.quiet"))
    .helpOption("-h, --help", t("option.help"));
}

/** Adds `--no-state` to a command that plays demos. */
export function withState(command: Command): Command {
  return command.option("--no-state", t("option.noState"));
}

/** What a command's options and the environment come to. */
export async function settingsOf(command: Command, env: Environment = process.env): Promise<Settings> {
  const options = command.optsWithGlobals<{
    lang?: string;
    color: boolean;
    ascii?: boolean;
    quiet?: boolean;
    state?: boolean;
  }>();
  if (options.lang !== undefined) setLanguage(languageFrom(options.lang, env));
  return {
    language: currentLanguage(),
    color: options.color !== false && !env.NO_COLOR && env.TERM !== "dumb" && isTerminal(1),
    ascii: options.ascii ?? false,
    quiet: options.quiet ?? false,
    state: options.state ?? true,
  };
}

/** How text for a person is to look on stdout: as wide as the terminal, or 80 columns. */
export function styleOf({ color, ascii }: Settings): Style {
  return { color, ascii, columns: windowSize(1).columns };
}

/** Whether a person sits at it: both ends are terminals, and this is no CI run. */
export function isInteractive(env: Environment = process.env): boolean {
  return isTerminal(0) && isTerminal(1) && !env.CI && env.TERM !== "dumb";
}

/** Commands all of whose words are lanes' own. */
const ownWords: ReadonlySet<string | undefined> = new Set([
  "demo",
  "tour",
  "replay",
  "help",
  "progress",
  "completions",
  "man",
  "licenses",
]);

/**
 * The value of `--lang` among lanes' own arguments, before anything is parsed: even a usage error is to be said in that
 * language. Looks no further than the first argument that may be someone else's command.
 */
export function requestedLanguage(argv: readonly string[]): string | undefined {
  for (const [index, word] of argv.entries()) {
    if (word === "--" || word === ":::") return undefined;
    if (word.startsWith("--lang=")) return word.slice("--lang=".length);
    if (word === "--lang") return argv[index + 1];
    const mayBeValue = argv[index - 1]?.startsWith("-") ?? false;
    if (index > 0 && !word.startsWith("-") && !mayBeValue && !ownWords.has(argv[0])) return undefined;
  }
  return undefined;
}

function parseLanguage(value: string): string {
  if (!isLanguage(value)) throw usageError("cli.number", { option: "lang", value: quoted(value), expected: "en | zh" });
  return value;
}

/** A value as a person typed it, so that an empty one can be seen. */
export function quoted(value: string): string {
  return t("cli.quoted", { value });
}

/** A parser for `--NAME N`: a whole number in a range, and nothing else. @throws LanesError (usage) from the parser. */
export function wholeNumber(option: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw usageError("cli.number", { option, value: quoted(value), expected: t("cli.range", { min, max }) });
  };
}

/** Reads the value of an option that takes a path: anything but nothing. @throws LanesError (usage) */
export function somePath(option: string): (value: string) => string {
  return (value) => {
    if (value !== "") return value;
    throw usageError("cli.number", { option, value: quoted(value), expected: t("cli.path") });
  };
}

/** A parser for `--NAME WORD`: one of a few words. @throws LanesError (usage) from the parser. */
export function oneOf(option: string, words: readonly string[]): (value: string) => string {
  return (value) => {
    if (words.includes(value)) return value;
    throw usageError("cli.number", { option, value: quoted(value), expected: words.join(" | ") });
  };
}
