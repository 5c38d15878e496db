/** The command as the system is asked to start it, and why it cannot be: 127 not found, 126 not to be executed. */
import { errnoCode, type LanesError } from "../../errors.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { errnoName } from "../../os/errno.ts";
import { findExecutable } from "../../os/exec/find-executable.ts";
import type { Spawn } from "../../os/exec/posix-spawn.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { cannotRun } from "../cannot-run.ts";

/** What to start. @throws LanesError (exit code 126 or 127) if there is no such command. */
export function spawnOf(command: readonly string[]): Spawn {
  const [name = ""] = command;
  const env = environment();
  const descriptors = new Map([0, 1, 2, ...givenDescriptors()].map((fd) => [fd, fd]));
  try {
    return { path: findExecutable(name, env.PATH), argv: command, env, descriptors };
  } catch (error) {
    throw cannotRun(name, errnoCode(error) ?? String(error), error);
  }
}

/** The error of a start that failed. */
export function startError({ argv }: Spawn, number: number): LanesError {
  return cannotRun(argv[0] ?? "", errnoName(number));
}
