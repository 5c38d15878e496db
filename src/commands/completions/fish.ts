/** Completions for fish: a line for each option and operand, and the functions that say where the cursor is. */

import type { CommandDefinition, OperandDefinition, OptionDefinition, WordKind } from "../definitions.ts";
import script from "./completions.fish" with { type: "text" };

/** The script for fish's folder of completions, or to be sourced. */
export function fishCompletions(commands: readonly CommandDefinition[]): string {
  const parts: Readonly<Record<string, string>> = {
    "@PATHS@": words(commands.flatMap(({ name, below }) => below.map((word) => `${name} ${word}`.trim()))),
    "@VALUED@": words(
      commands.flatMap(({ name, options }) =>
        options.flatMap((option) => (option.value === undefined ? [] : option.names.map((one) => `${name} ${one}`))),
      ),
    ),
    "@COMMANDS@": words(
      commands.flatMap(({ name, operands }) =>
        operands.flatMap(({ kind }, index) => (kind.is === "command" ? [`${name} ${index}`] : [])),
      ),
    ),
    "@UNTIL@": words(
      commands.flatMap(({ name, optionsUntil }) =>
        Number.isFinite(optionsUntil) ? [`${name} ${optionsUntil + 1}`] : [],
      ),
    ),
    "@COMPLETE@": commands.flatMap((command) => linesOf(command, commands)).join("\n"),
  };
  return script.replace(/@[A-Z]+@/g, (place) => parts[place] ?? place);
}

function linesOf(command: CommandDefinition, commands: readonly CommandDefinition[]): string[] {
  const { name, below, options, operands } = command;
  return [
    ...below.map((word) => {
      const summary = commands.find((one) => one.name === `${name} ${word}`.trim())?.summary ?? "";
      return line(`__lanes_operand ${quoted(name)} 0`, `-a ${quoted(word)}`, summary);
    }),
    ...operands.map((operand, index) => operandLine(name, operand, index)),
    ...options.map((option) => optionLine(name, option)),
  ].filter((one) => one !== undefined);
}

function optionLine(command: string, { names, value, description }: OptionDefinition): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = value === undefined ? [] : [valueFlags(value.kind)];
  return line(`__lanes_option ${quoted(command)}`, [...flags, ...takes].join(" "), description);
}

function operandLine(command: string, { kind, variadic }: OperandDefinition, index: number): string | undefined {
  const here = `__lanes_operand ${quoted(command)} ${index}${variadic && kind.is !== "command" ? "+" : ""}`;
  if (kind.is === "other") return undefined;
  if (kind.is === "file") return line(here, "-F", "");
  return line(here, `-a ${quoted(candidates(kind))}`, "");
}

const valueFlags = (kind: WordKind) =>
  kind.is === "file" ? "-r -F" : kind.is === "other" ? "-x" : `-x -a ${quoted(candidates(kind))}`;

function candidates(kind: WordKind): string {
  if (kind.is === "words") return kind.words.join(" ");
  if (kind.is === "command") return "(__fish_complete_command)";
  return kind.is === "dir" ? "(__fish_complete_directories)" : "";
}

const line = (condition: string, what: string, description: string) =>
  `complete -c lanes -n ${quoted(condition)} ${what}${description === "" ? "" : ` -d ${quoted(description.split("\n")[0] ?? "")}`}`;

const words = (all: readonly string[]) => all.map(quoted).join(" ");

const quoted = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;
