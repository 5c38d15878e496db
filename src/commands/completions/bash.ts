/** Completions for bash: two tables of the commands, and the script that reads them (completions.bash). */

import type { CommandDefinition, WordKind } from "../definitions.ts";
import script from "./completions.bash" with { type: "text" };

/** The script to be sourced. */
export function bashCompletions(commands: readonly CommandDefinition[]): string {
  const cases = commands.map(commandCase).join("\n");
  return script.replace("@COMMANDS@", () => cases).replace("@VALUES@", () => values(commands));
}

function commandCase({ name, options, operands, optionsUntil, below }: CommandDefinition): string {
  const sets = [
    ["words", below.join(" ")],
    ["options", options.flatMap(({ names }) => names).join(" ")],
    ["operands", operands.map(({ kind }) => operandKind(kind)).join(" ")],
    ["more", operands.at(-1)?.variadic ? "1" : ""],
    ["until", Number.isFinite(optionsUntil) ? String(optionsUntil) : ""],
  ] as const;
  const set = sets.filter(([, value]) => value !== "").map(([variable, value]) => `${variable}='${value}'`);
  return `  '${name}') ${set.join(" ")} ;;`;
}

function values(commands: readonly CommandDefinition[]): string {
  return commands
    .flatMap(({ name, options }) =>
      options.flatMap(({ names, value }) =>
        value === undefined
          ? []
          : [`  ${names.map((option) => `'${name} ${option}'`).join("|")}) value='${valueKind(value.kind)}' ;;`],
      ),
    )
    .join("\n");
}

const valueKind = (kind: WordKind) => (kind.is === "words" ? `words ${kind.words.join(" ")}` : kind.is);

const operandKind = (kind: WordKind) => (kind.is === "words" ? `words:${kind.words.join(",")}` : kind.is);
