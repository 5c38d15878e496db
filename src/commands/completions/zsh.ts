/** Completions for zsh: a function for each command that tells `_arguments` its options and operands. */

import type { CommandDefinition, OptionDefinition, WordKind } from "../definitions.ts";
import script from "./completions.zsh" with { type: "text" };

/** The script for a folder of `$fpath`, or to be sourced. */
export function zshCompletions(commands: readonly CommandDefinition[]): string {
  const functions = commands.map((command) => functionOf(command, commands)).join("\n\n");
  return script.replace("@FUNCTIONS@", () => functions);
}

function functionOf(command: CommandDefinition, commands: readonly CommandDefinition[]): string {
  const options = command.options.map(optionSpec);
  if (command.below.length === 0)
    return lines(functionName(command.name), argumentsCall(options, operandSpecs(command)));
  const names = command.below.map((word) => {
    const name = `${command.name} ${word}`.trim();
    const summary = commands.find((one) => one.name === name)?.summary;
    return quoted(summary === undefined ? word : `${word}:${summary}`);
  });
  const body = [
    'local curcontext="$curcontext" context state state_descr line',
    "typeset -A opt_args",
    `local -a below=(${names.map((name) => `\n    ${name}`).join("")}\n  )`,
    `${argumentsCall(options, ["'(-)1: :->first'", "'(-)*:: :->rest'"], "-C ")} && return`,
    'case "$state" in',
    `first) _describe -t commands command below${firstToo(command)} ;;`,
    "rest)",
    '  case "$words[1]" in',
    ...command.below.map((word) =>
      word === "help" ? "  help) _lanes ;;" : `  ${word}) ${functionName(`${command.name} ${word}`.trim())} ;;`,
    ),
    ...(command.operands.length === 0 ? [] : [`  *) ${argumentsCall(options, operandSpecs(command, 1))} ;;`]),
    "  esac ;;",
    "esac",
  ];
  return lines(functionName(command.name), ...body);
}

const lines = (name: string, ...body: readonly string[]) =>
  `${name}() {\n${body.map((line) => `  ${line}`).join("\n")}\n}`;

const functionName = (name: string) => ["_lanes", ...name.split(" ").filter((word) => word !== "")].join("_");

const argumentsCall = (options: readonly string[], operands: readonly string[], flags = "") =>
  ["_arguments", `${flags}-s -S`, ...[...options, ...operands].map((spec) => `\\\n    ${spec}`)].join(" ");

/** What may stand where a command's name may: its first operand. */
function firstToo({ operands: [first] }: CommandDefinition): string {
  return first === undefined ? "" : `; ${action(first.kind)}`;
}

/** @param from the first one to tell of: those before it are behind the words that are looked at. */
function operandSpecs({ operands, optionsUntil }: CommandDefinition, from = 0): string[] {
  return operands.slice(from).flatMap(({ name, kind, variadic }, index) => {
    // From the word on after which no option stands, none is offered.
    const last = from + index >= optionsUntil ? "(-)" : "";
    if (kind.is === "command") {
      return [`'${last}${index + 1}:${name}: _command_names -e'`, `'(-)*::${name}:_lanes_words_of_command'`];
    }
    return [`'${last}${variadic ? "*" : index + 1}:${name}:${action(kind)}'`];
  });
}

function optionSpec({ names, value, description }: OptionDefinition): string {
  const explained = `[${description.replaceAll("\n", " ").replace(/[[\]\\]/g, "\\$&")}]`;
  const takes = value === undefined ? "" : `:${value.name.replaceAll(":", "\\:")}:${action(value.kind)}`;
  const forms = names.map((name) => (value === undefined ? name : `${name}${name.startsWith("--") ? "=" : "+"}`));
  if (names.length === 1) return quoted(`${forms[0]}${explained}${takes}`);
  return `${quoted(`(${names.join(" ")})`)}{${forms.join(",")}}${quoted(`${explained}${takes}`)}`;
}

function action(kind: WordKind): string {
  switch (kind.is) {
    case "words":
      return `(${kind.words.join(" ")})`;
    case "file":
      return "_files";
    case "dir":
      return "_files -/";
    case "command":
      return "_command_names -e";
    case "other":
      return " ";
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
