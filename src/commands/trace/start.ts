/** The command as the system is asked to start it, and why it cannot be: 127 not found, 126 not to be executed. */
import { ExitCode, errnoCode, LanesError } from "../../errors.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { givenDescriptors } from "../../os/descriptors.ts";
import { errnoName } from "../../os/errno.ts";
import { findExecutable } from "../../os/exec/find-executable.ts";
import { interpreterOf } from "../../os/exec/interpreter.ts";
import type { Spawn } from "../../os/exec/posix-spawn.ts";

/** What to start. @throws LanesError (exit code 126 or 127) if there is no such command. */
export function spawnOf(command: readonly string[]): Spawn {
  const [name = ""] = command;
  const env = environment();
  const descriptors = new Map([0, 1, 2, ...givenDescriptors()].map((fd) => [fd, fd]));
  try {
    return { path: findExecutable(name, env.PATH), argv: command, env, descriptors };
  } catch (error) {
    const code = errnoCode(error) ?? String(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw notFound(name, error);
    throw notExecutable(name, code, error);
  }
}

/** The error of a start that failed. */
export function startError({ path, argv }: Spawn, number: number): LanesError {
  const [name = ""] = argv;
  const code = errnoName(number);
  const interpreter = code === "ENOENT" ? interpreterOf(path) : null;
  if (interpreter === null) return notExecutable(name, code);
  return new LanesError("trace.error.interpreter", { name, interpreter }, { exitCode: ExitCode.notExecutable });
}

const notFound = (name: string, cause: unknown) =>
  new LanesError("error.command.notFound", { name }, { exitCode: ExitCode.notFound, cause });

const notExecutable = (name: string, code: string, cause?: unknown) =>
  new LanesError("error.command.notExecutable", { name, code }, { exitCode: ExitCode.notExecutable, cause });
