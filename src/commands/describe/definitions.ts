/**
 * The command line, described: every command with its options and operands, read from the very definitions commander
 * parses with, so that completions and the man page can say nothing else than the help does.
 */
import type { Argument, Command, Option } from "commander";
import { message, t } from "../../i18n/index.ts";
import { type CommandInfo, flagsOf, infoOf } from "../command.ts";
import type { Program } from "../program.ts";

/** What may stand in a place: one of some words, a file, a folder, a command with its own arguments, anything else. */
export type Kind =
  | { readonly is: "words"; readonly words: readonly string[] }
  | { readonly is: "file" | "dir" | "command" | "other" };

export interface OptionDefinition {
  /** As in the help: `-j, --jobs <n>`. */
  readonly flags: string;
  /** `-j` and `--jobs`. */
  readonly names: readonly string[];
  /** What its value is called, and what it may be; undefined for a switch. */
  readonly value: { readonly name: string; readonly kind: Kind } | undefined;
  readonly description: string;
  readonly default: string | undefined;
}

export interface Operand {
  readonly name: string;
  readonly kind: Kind;
  /** It and all that follow. What follows it is not for lanes to read: no option stands after it. */
  readonly variadic: boolean;
}

export interface CommandDefinition extends Omit<CommandInfo, "name"> {
  /** As typed: `demo race`; empty for `lanes` alone. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly options: readonly OptionDefinition[];
  readonly operands: readonly Operand[];
  /** How many operands may stand before an option; Infinity where there is no limit. */
  readonly optionsUntil: number;
  /** The words after it that name a command. */
  readonly below: readonly string[];
}

/** All of them, `lanes` alone first, then in the order of the help, each followed by those below it. */
export async function definitionsOf(program: Program): Promise<CommandDefinition[]> {
  const found: CommandDefinition[] = [root(program)];
  for (const { summary, below = [], load } of Object.values(program.commands)) {
    found.push(definitionOf(await load([]), message(summary), below));
    for (const word of below) found.push(definitionOf(await load([word]), undefined, []));
  }
  return found;
}

function root({ commands, options, examples }: Program): CommandDefinition {
  return {
    name: "",
    usage: "[COMMAND]",
    summary: t("cli.tagline"),
    description: t("cli.tagline"),
    examples: examples.map(([command, what]) => [command, message(what)] as const),
    options: options.map(({ flags, summary }) => optionFrom(flags, message(summary), undefined)),
    operands: [],
    optionsUntil: Number.POSITIVE_INFINITY,
    below: [...Object.keys(commands), "help"],
  };
}

function definitionOf(command: Command, summary: string | undefined, below: readonly string[]): CommandDefinition {
  const info = infoOf(command);
  const help = command.createHelp();
  // The words of its name after the first are arguments to commander.
  const own = command.registeredArguments.slice(info.name.split(" ").length - 1);
  const operands = own.map(operandOf);
  return {
    ...info,
    summary: summary ?? info.description.split("\n")[0] ?? "",
    options: help.visibleOptions(command).map(definitionOfOption),
    operands,
    optionsUntil: operands.some(({ variadic }) => variadic)
      ? operandsBeforeOptions(info.usage)
      : Number.POSITIVE_INFINITY,
    below,
  };
}

/** `FILE [options] -- COMMAND`: one. */
function operandsBeforeOptions(usage: string): number {
  const before = usage.slice(0, Math.max(0, usage.indexOf("[options]")));
  return before.split(" ").filter((word) => word !== "").length;
}

function operandOf(argument: Argument): Operand {
  const name = argument.name();
  const words = argument.argChoices;
  const kind: Kind = words !== undefined ? { is: "words", words } : kindOf(name, argument.variadic ? "file" : "other");
  return { name, kind, variadic: argument.variadic };
}

function definitionOfOption(option: Option): OptionDefinition {
  const { defaultValue } = option;
  const shown = defaultValue === undefined || typeof defaultValue === "boolean" ? undefined : String(defaultValue);
  return optionFrom(flagsOf(option), option.description, shown);
}

function optionFrom(flags: string, description: string, standard: string | undefined): OptionDefinition {
  // A value that may be left out is no word of its own.
  const [, name] = /[<[]([^>\]]+)>$/.exec(flags) ?? [];
  return {
    flags,
    names: flags.split(/[ ,]+/).flatMap((word) => /^--?[\w-]+/.exec(word) ?? []),
    value: name === undefined ? undefined : { name, kind: valueKind(name) },
    description,
    default: standard,
  };
}

/** Names that stand for a value, and are none themselves. */
const standIns: ReadonlySet<string> = new Set(["n", "n%", "dur", "size", "ms", "bytes", "seconds", "code"]);

/** `en|zh`: these words; `auto|n`: this word, or a number. */
function valueKind(name: string): Kind {
  const words = name.split("|").filter((word) => !standIns.has(word));
  return name.includes("|") && words.length > 0 ? { is: "words", words } : kindOf(name, "other");
}

function kindOf(name: string, otherwise: "file" | "other"): Kind {
  const is = name.toLowerCase();
  return { is: is === "file" || is === "dir" || is === "command" ? is : otherwise };
}
