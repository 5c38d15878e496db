/**
 * The command line, described in the language spoken: every command with its options and operands, read from the very rows
 * that the parser reads by, so that completions and the man page can say nothing else than the help does.
 */
import { say } from "../cli/help.ts";
import {
  type Command,
  commonOptions,
  namesOf,
  type Operand,
  type Option,
  type OptionTable,
  valueNameOf,
} from "../cli/table.ts";
import { message, t } from "../i18n/index.ts";
import type { CommandCatalog } from "./entry.ts";

/** What may stand in a place: one of some words, a file, a folder, a command with its own arguments, anything else. */
export type WordKind =
  | { readonly is: "words"; readonly words: readonly string[] }
  | { readonly is: "file" | "dir" | "command" | "other" };

export interface OptionDefinition {
  /** As in the help: `-j, --jobs <n>`. */
  readonly flags: string;
  /** `-j` and `--jobs`. */
  readonly names: readonly string[];
  /** What its value is called, and what it may be; undefined for a switch. */
  readonly value: { readonly name: string; readonly kind: WordKind } | undefined;
  readonly description: string;
  readonly default: string | undefined;
}

export interface OperandDefinition {
  readonly name: string;
  readonly kind: WordKind;
  /** It and all that follow. What follows it is not for lanes to read: no option stands after it. */
  readonly variadic: boolean;
}

export interface CommandDefinition {
  /** As typed: `demo race`; empty for `lanes` alone. */
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** One line. */
  readonly summary: string;
  readonly options: readonly OptionDefinition[];
  readonly operands: readonly OperandDefinition[];
  /** How many operands may stand before an option; Infinity where there is no limit. */
  readonly optionsUntil: number;
  /** The words after it that name a command. */
  readonly below: readonly string[];
}

/** All of them, `lanes` alone first, then in the order of the help, each followed by those below it. */
export async function definitionsOf(catalog: CommandCatalog): Promise<CommandDefinition[]> {
  const found: CommandDefinition[] = [root(catalog)];
  for (const { summary, below = [], load } of Object.values(catalog.entries)) {
    found.push(definitionOf(await load([]), message(summary), below));
    for (const word of below) found.push(definitionOf(await load([word]), undefined, []));
  }
  return found;
}

function root({ entries, options, examples }: CommandCatalog): CommandDefinition {
  return {
    name: "",
    usage: "[COMMAND]",
    summary: t("cli.tagline"),
    description: t("cli.tagline"),
    examples: examples.map(([line, what]) => [line, message(what)] as const),
    options: optionsOf(options),
    operands: [],
    optionsUntil: Number.POSITIVE_INFINITY,
    below: [...Object.keys(entries), "help"],
  };
}

function definitionOf(row: Command, summary: string | undefined, below: readonly string[]): CommandDefinition {
  const { name, usage, optionsUntil } = row;
  const description = say(row.about);
  return {
    name,
    usage,
    description,
    examples: row.examples.map(([line, what]) => [line, say(what)] as const),
    summary: summary ?? description.split("\n")[0] ?? "",
    options: optionsOf({ ...row.options, ...commonOptions }),
    operands: row.operands.map(operandOf),
    optionsUntil,
    below,
  };
}

function operandOf({ name, words, many = false }: Operand): OperandDefinition {
  const kind: WordKind = words !== undefined ? { is: "words", words } : kindOf(name, many ? "file" : "other");
  return { name, kind, variadic: many };
}

const optionsOf = (table: OptionTable) => Object.values(table).map(definitionOfOption);

function definitionOfOption(option: Option): OptionDefinition {
  const name = valueNameOf(option);
  const { standard } = option;
  return {
    flags: option.flags,
    names: namesOf(option),
    // A value that can be left out is no word of its own.
    value: name === undefined || option.takes === "optional" ? undefined : { name, kind: valueKind(name) },
    description: say(option.about),
    default: standard === undefined ? undefined : String(standard),
  };
}

/** Names that stand for a value, and are none themselves. */
const standIns: ReadonlySet<string> = new Set(["n", "n%", "dur", "size", "ms", "bytes", "seconds", "code"]);

/** `en|zh`: these words; `auto|n`: this word, or a number. */
function valueKind(name: string): WordKind {
  const words = name.split("|").filter((word) => !standIns.has(word));
  return name.includes("|") && words.length > 0 ? { is: "words", words } : kindOf(name, "other");
}

function kindOf(name: string, otherwise: "file" | "other"): WordKind {
  const is = name.toLowerCase();
  return { is: is === "file" || is === "dir" || is === "command" ? is : otherwise };
}
