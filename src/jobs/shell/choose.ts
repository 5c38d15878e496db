/** Which shell runs a command, if any. */
import { usageError } from "../../errors.ts";
import { findIfExecutable } from "../../os/exec/find-executable.ts";
import type { TemplateShell } from "../input/template.ts";
import { dialectOf } from "./dialect.ts";

/** Names a shell for those who do not want `sh`. */
const VARIABLE = "LANES_SHELL";
const STANDARD = "/bin/sh";

/** `--shell=NAME`, `--shell`, `--no-shell`, or neither. */
export type ShellOption = string | boolean | undefined;

/**
 * The shell for a command line; null: the command is started as it is.
 * @throws LanesError (usage) if there is no such shell, or the command is meant for one and none is asked for.
 */
export function chooseShell(
  command: readonly string[],
  option: ShellOption,
  env: Readonly<Record<string, string | undefined>>,
): TemplateShell | null {
  if (command.length > 0 && typeof option !== "string" && option !== true) {
    if (option !== false) refuseShellWords(command, env);
    return null;
  }
  if (command.length === 0 && option === true) throw usageError("run.error.shell", {});
  const named = typeof option === "string" ? option : env[VARIABLE] || undefined;
  if (named === undefined) return { path: STANDARD, dialect: dialectOf(STANDARD) };
  const path = findIfExecutable(named, env.PATH);
  const source = typeof option === "string" ? "--shell" : VARIABLE;
  if (path === null) throw usageError("run.error.noShell", { shell: named, source });
  return { path, dialect: dialectOf(named) };
}

/** What separates, joins or redirects commands, standing alone. Not `;`, which is an argument of find(1). */
const OPERATORS = new Set([">", ">>", "<", "|", "||", "&&", "&", "&>"]);

/** @throws LanesError (usage) if only a shell can make sense of the command. */
function refuseShellWords(command: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
  const [name = ""] = command;
  const operator = command.find((word) => OPERATORS.has(word));
  if (operator !== undefined) throw usageError("run.error.shellWord", { word: operator });
  if (/^[A-Za-z_]\w*=/.test(name)) throw usageError("run.error.shellAssignment", { word: name });
  if (command.length === 1 && /\s/.test(name) && findIfExecutable(name, env.PATH) === null) {
    throw usageError("run.error.shellLine", { word: name });
  }
}
