/**
 * The farms a person has names for: `~/.config/lanes/farms` (XDG base directories), a line each: the name, then the address.
 * It says which database a command connects to, and may hold a password: nobody else may read or write it.
 */
import { readFileSync, statSync } from "node:fs";
import { errnoCode, usageError } from "../errors.ts";
import type { Environment } from "../os/bytes/bytes.ts";
import { systemPath } from "../os/bytes/paths.ts";
import { isForOthers } from "../os/process/users.ts";

/** Whether it reads as an address of a database, not as a name. */
export const isAddress = (text: string): boolean => /^postgres(ql)?:/.test(text);

/** Where it is; undefined if there is no place for it. */
export function farmsFile({ XDG_CONFIG_HOME: config = "", HOME: home = "" }: Environment): string | undefined {
  if (config.startsWith("/")) return `${config}/lanes/farms`;
  return home.startsWith("/") ? `${home}/.config/lanes/farms` : undefined;
}

/** The address of a name; undefined if it is not in the list. @throws LanesError (usage) if the list cannot be used. */
export function farmNamed(name: string, env: Environment): string | undefined {
  const file = farmsFile(env);
  if (file === undefined) return undefined;
  const lines = linesOf(file);
  for (const [at, line] of lines.entries()) {
    const [first = "", address = "", ...rest] = line.trim().split(/\s+/);
    if (first !== name || first.startsWith("#")) continue;
    if (!isAddress(address) || rest.length > 0) throw usageError("farm.list.line", { file, line: at + 1 });
    return address;
  }
  return undefined;
}

function linesOf(file: string): string[] {
  try {
    if (isForOthers(statSync(systemPath(file)))) throw usageError("farm.list.open", { file });
    return readFileSync(systemPath(file), "utf8").split("\n");
  } catch (error) {
    const code = errnoCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    if (code !== undefined) throw usageError("farm.list.read", { file, code }, error);
    throw error;
  }
}
