/**
 * The only reader of command lines. Spellings are getopt's: `-j2`, `-j 2`, `--jobs 2`, `--jobs=2` (and `-j=2` is the value
 * `=2`), switches in a bunch (`-kq`), `--` ends the options. Of an option that is given twice the last one counts.
 *
 * A line is first split, then spoken about (its `--lang` holds for what is wrong with it, wherever it stands), then its
 * values are read from left to right.
 */
import { usageError } from "../errors.ts";
import { isLanguage, languageFrom, setLanguage, t } from "../i18n/index.ts";
import {
  type Command,
  type CommandLine,
  commonOptions,
  namesOf,
  type Option,
  type Options,
  type OptionTable,
} from "./table.ts";

/** An option on a line. */
interface GivenOption {
  readonly key: string;
  readonly option: Option;
  /** Undefined: it stands without a value. */
  readonly value: string | undefined;
}

/** What keeps a line from being understood. */
type Problem = { readonly is: "unknown" | "needsValue" | "takesNone"; readonly name: string };

/** A line, split. */
export interface Split {
  readonly given: readonly GivenOption[];
  /** The operands. */
  readonly words: readonly string[];
  /** How many of them stand before `--`; all of them where there is none. */
  readonly before: number;
  readonly problem: Problem | undefined;
}

/** What the parser has to know of a command. */
export type Grammar<T extends OptionTable = OptionTable> = Pick<Command<T>, "name" | "options" | "optionsUntil">;

/** Splits a line into options and operands. Never throws: the first problem is part of the answer. */
export function split({ options: own, optionsUntil }: Grammar, args: readonly string[]): Split {
  const table: OptionTable = { ...own, ...commonOptions };
  const given: GivenOption[] = [];
  const words: string[] = [];
  let problem: Problem | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word === "--") {
      const before = words.length;
      words.push(...args.slice(at + 1));
      return { given, words, before, problem };
    }
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      if (words.length <= optionsUntil) continue;
      words.push(...args.slice(at + 1));
      break;
    }
    for (const { name, rest } of optionsIn(word, table)) {
      const [key, option] = find(name, table) ?? [];
      if (key === undefined || option === undefined) {
        // As it was typed: of `-P2` nobody knows what the 2 is.
        problem ??= { is: "unknown", name: word.startsWith(name) ? word : name };
      } else if (option.takes === "nothing") {
        if (rest === undefined) given.push({ key, option, value: undefined });
        else problem ??= { is: "takesNone", name };
      } else if (rest !== undefined) given.push({ key, option, value: rest });
      else if (option.takes === "optional" && !option.takesWord?.(args[at + 1] ?? ""))
        given.push({ key, option, value: undefined });
      else if (at + 1 < args.length) given.push({ key, option, value: args[++at] });
      else problem ??= { is: "needsValue", name: option.flags };
    }
  }
  return { given, words, before: words.length, problem };
}

/** The options that one word names, each with what is joined to it: `--jobs=2` one, `-kj2` two. */
function optionsIn(word: string, table: OptionTable): { name: string; rest: string | undefined }[] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return [
      equals < 0 ? { name: word, rest: undefined } : { name: word.slice(0, equals), rest: word.slice(equals + 1) },
    ];
  }
  const found: { name: string; rest: string | undefined }[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at]}`;
    const isSwitch = find(name, table)?.[1].takes === "nothing";
    if (isSwitch) found.push({ name, rest: undefined });
    else return [...found, { name, rest: at + 1 < word.length ? word.slice(at + 1) : undefined }];
  }
  return found;
}

function find(name: string, table: OptionTable): [string, Option] | undefined {
  return Object.entries(table).find(([, option]) => namesOf(option).includes(name));
}

/** A line that asks for help, whatever else is on it. */
export type Parsed<T extends OptionTable> = CommandLine<T> | "help";

/**
 * Reads a command's line, and speaks its language from here on.
 * @throws LanesError (usage) for what is wrong with it.
 */
export function parse<T extends OptionTable>(
  command: Grammar<T> & Pick<Command, "operands">,
  args: readonly string[],
): Parsed<T> {
  const { given, words, problem } = split(command, args);
  speak(given);
  if (given.some(({ key }) => key === "help")) return "help";
  if (problem !== undefined) throw explained(problem, command);
  const found: Record<string, unknown> = {};
  for (const { key, option, value } of given) {
    found[key] = option.read(value, found[key]);
    if (option.undoes !== undefined) delete found[option.undoes];
  }
  // The words of its name after the first stand on the line, too.
  const operands = words.slice(command.name.split(" ").length - 1);
  checkOperands(command, operands);
  return { options: found as Options<T>, common: found, words: operands };
}

/** Speaks the language that a line asks for, or the environment. @throws LanesError (usage) if it is none of ours. */
function speak(given: readonly GivenOption[]): void {
  const wanted = given.findLast(({ key }) => key === "lang")?.value;
  setLanguage(languageFrom(wanted, process.env));
  if (wanted === undefined || isLanguage(wanted)) return;
  throw usageError("cli.number", { option: "lang", value: t("cli.quoted", { value: wanted }), expected: "en | zh" });
}

function checkOperands(command: Pick<Command, "name" | "operands">, words: readonly string[]): void {
  const { operands } = command;
  const missing = operands[words.length];
  if (missing !== undefined && !missing.optional)
    throw usageError("cli.missingArgument", { name: missing.name, hint: seeHelp(command) });
  if (words.length > operands.length && !operands.at(-1)?.many)
    throw usageError("cli.tooManyArguments", { hint: seeHelp(command) });
}

function explained({ is, name }: Problem, command: Grammar) {
  switch (is) {
    case "needsValue":
      return usageError("cli.optionNeedsValue", { name, hint: seeHelp(command) });
    case "takesNone":
      return usageError("cli.optionTakesNone", { name, hint: seeHelp(command) });
    case "unknown": {
      const { similarOption } = require("./suggest.ts") as typeof import("./suggest.ts");
      const near = similarOption(name, command);
      const hint = near === undefined ? seeHelp(command) : t("cli.didYouMean", { name: near });
      return usageError("cli.unknownOption", { name, hint });
    }
  }
}

/** Where the help is: a hint at the end of a usage error. */
export function seeHelp({ name }: Pick<Command, "name">): string {
  return t("cli.seeHelp", { command: name === "" ? "lanes --help" : `lanes ${name} --help` });
}
