/**
 * How every command is made: commander parses, this file gives it lanes' manners. Help is usage, examples, options; a
 * mistake is one line that names it, in the person's language, and exit code 2; nothing here ends the process.
 */
import { Command, type CommanderError, type Help, type Option } from "commander";
import { LanesError, usageError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { windowSize } from "../os/tty.ts";
import { writeOut } from "../views/output.ts";
import { peerOption } from "./peer-options.ts";
import { commonOptions, withSettings } from "./settings.ts";

export interface CommandInfo {
  /** As typed: `demo race`. */
  readonly name: string;
  /** What follows the name in the usage line: `[options] FILE -- COMMAND [ARG...]`. */
  readonly usage: string;
  readonly description: string;
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [command: string, what: string])[];
}

const infos = new WeakMap<Command, CommandInfo>();

/** What {@link createCommand} was told of a command. */
export function infoOf(command: Command): CommandInfo {
  const info = infos.get(command);
  if (info === undefined) throw new Error(`not made by createCommand: ${command.name()}`);
  return info;
}

/** A command with the common options and lanes' help; the caller adds its own options and the action. */
export function createCommand(info: CommandInfo): Command {
  const command = new Command(info.name);
  infos.set(command, info);
  command
    .usage(info.usage)
    .description(info.description)
    .exitOverride()
    .configureOutput({ writeOut, writeErr: () => {} })
    .configureHelp({ formatHelp: (_, help) => formatHelp(command, info, help) });
  return withSettings(command);
}

function formatHelp(command: Command, info: CommandInfo, help: Help): string {
  const columns = Math.min(100, windowSize(1).columns);
  const rows = (pairs: readonly (readonly [string, string])[]) => {
    const width = Math.min(34, Math.max(0, ...pairs.map(([term]) => Bun.stringWidth(term))));
    return pairs.map(([term, text]) => {
      const pad = " ".repeat(Math.max(0, width - Bun.stringWidth(term)));
      const [first = "", ...more] = Bun.wrapAnsi(text, Math.max(20, columns - 4 - width), { trim: true }).split("\n");
      const head =
        Bun.stringWidth(term) > width ? `  ${term}\n  ${" ".repeat(width)}  ${first}` : `  ${term}${pad}  ${first}`;
      return [head, ...more.map((line) => `  ${" ".repeat(width)}  ${line}`)].join("\n");
    });
  };
  const common = new Set(commonOptions);
  const options = help
    .visibleOptions(command)
    .toSorted((a, b) => Number(common.has(a.long ?? "")) - Number(common.has(b.long ?? "")))
    .map((option) => [help.optionTerm(option), described(option)] as const);
  const arguments_ = help
    .visibleArguments(command)
    .filter(({ description }) => description !== "")
    .map((argument) => [argument.name(), argument.description] as const);
  const sections = [
    [`${t("help.usage")}lanes ${info.name} ${info.usage}`.trimEnd(), "", Bun.wrapAnsi(info.description, columns)],
    info.examples.length > 0 ? [t("help.examples"), ...rows(info.examples)] : [],
    arguments_.length > 0 ? [t("help.arguments"), ...rows(arguments_)] : [],
    [t("help.options"), ...rows(options)],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function described(option: Option): string {
  const { description, defaultValue } = option;
  if (defaultValue === undefined || typeof defaultValue === "boolean") return description;
  return `${description} ${t("help.default", { value: String(defaultValue) })}`;
}

/** What commander found wrong, in lanes' words; `helpOf` is the command whose help explains it. */
export function fromCommander(error: CommanderError, helpOf: string): LanesError {
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const near = peerOption(helpOf, name) ?? /Did you mean (?:one of )?([^?]+)\?/.exec(error.message)?.[1];
  const see = t("cli.seeHelp", { command: helpOf === "" ? "lanes --help" : `lanes ${helpOf} --help` });
  const hint = near === undefined ? see : t("cli.didYouMean", { name: near });
  switch (error.code) {
    case "commander.unknownOption":
      return usageError("cli.unknownOption", { name, hint });
    case "commander.optionMissingArgument":
      return usageError("cli.optionNeedsValue", { name, hint });
    case "commander.missingArgument":
      return usageError("cli.missingArgument", { name, hint });
    case "commander.excessArguments":
      return usageError("cli.tooManyArguments", { hint });
    default:
      return usageError("cli.usage", { reason: error.message.replace(/^error: /, ""), hint });
  }
}

/** Parses and runs a command. @returns its exit code. @throws LanesError (usage) for a mistake. */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  try {
    await command.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (!isCommanderError(error)) throw error;
    if (error.exitCode === 0) return 0; // help was asked for, and printed
    throw fromCommander(error, command.name());
  }
}

const isCommanderError = (error: unknown): error is CommanderError =>
  error instanceof Error &&
  (error as { code?: unknown }).code?.toString().startsWith("commander.") === true &&
  !(error instanceof LanesError);
