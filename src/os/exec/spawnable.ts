/**
 * A command as Bun.spawn can be asked to start it. It passes arguments and variables on as UTF-8 text; where one has other
 * bytes, this program is started again and becomes the command (exec.ts): same pid, same descriptors, same exit code, for
 * the time of one more start. In the usual case nothing is done.
 */
import { findExecutable } from "./find-executable.ts";
import { EXEC_SENTINEL, selfCommand } from "./self-command.ts";

type Variables = Record<string, string | undefined>;

/** What to give to Bun.spawn. */
export interface Spawnable {
  readonly cmd: string[];
  readonly env: Variables;
}

/**
 * The command to spawn.
 * @param stdio what Bun.spawn is going to be told: the descriptors above 2 in it are the command's.
 * @throws as Bun.spawn does if there is no such command, or it cannot be executed: an error with a `code`.
 */
export function spawnable(command: readonly string[], env: Variables, stdio: readonly unknown[] = []): Spawnable {
  const variables = unclean(env);
  if (variables === null && command.every(isPlain)) return { cmd: command as string[], env };
  const { execWords } = require("./exec-words.ts") as typeof import("./exec-words.ts");
  const path = findExecutable(command[0] ?? "", env.PATH);
  const plain = variables === null ? env : { ...env };
  for (const name of variables ?? []) delete plain[name];
  const words = execWords({
    path,
    argv: command,
    variables: (variables ?? []).map((name) => `${name}=${env[name]}`),
    descriptors: stdio.flatMap((each, fd) => (fd > 2 && each !== "ignore" ? fd : [])),
  });
  return { cmd: selfCommand(EXEC_SENTINEL, ...words), env: plain };
}

/** The names of the variables that are not UTF-8; null if all are. */
function unclean(env: Variables): string[] | null {
  let names: string[] | null = null;
  for (const name in env) {
    const value = env[name];
    if (value === undefined || (value.isWellFormed() && name.isWellFormed())) continue;
    names ??= [];
    names.push(name);
  }
  return names;
}

const isPlain = (word: string) => word.isWellFormed();
