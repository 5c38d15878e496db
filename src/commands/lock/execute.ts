/**
 * Starting the command that runs under a lock, so that it notices nothing of it: the same terminal, the same process group,
 * the same descriptors, the same ignored signals; and saying why it cannot be started in the words of POSIX shells: 127 not
 * found, 126 found but not executable.
 */
import { ExitCode, errnoCode, LanesError } from "../../errors.ts";
import { tokensForChild, tokensVariable } from "../../lock/held-locks.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { spawnable } from "../../os/exec/spawnable.ts";
import { givenDescriptors, givenStdio } from "../../os/files/descriptors.ts";
import { keepIgnored } from "../../os/signals.ts";
import { cannotRun } from "../cannot-run.ts";

/** Shell scripts use the descriptors up to 9; the lock stays out of their way. */
const firstLockFd = 10;
const firstLowFd = 3;

/**
 * Starts a command. @param lock the lock's descriptor; without it the command does not keep the lock.
 * @param more what else is in its environment.
 * @throws LanesError (exit code 126 or 127) if it cannot be executed.
 */
export function execute(
  command: readonly string[],
  lock: number | undefined,
  more: Readonly<Record<string, string>> = {},
): Bun.Subprocess {
  const stdio = stdioWith(lock, firstLockFd);
  const env = { ...environment(), [tokensVariable]: tokensForChild(), ...more };
  try {
    const words = spawnable(keepIgnored([...command], env), env, stdio);
    return Bun.spawn(words.cmd, { stdio, env: words.env });
  } catch (error) {
    // A script without #!: execvp(3) and every shell hand it to sh.
    if (errnoCode(error) === "ENOEXEC") return Bun.spawn(["/bin/sh", ...command], { stdio, env });
    if (errnoCode(error) === "EINVAL" && lock !== undefined) return executeLow(command, lock, env);
    throw cannotExecute(command[0] ?? "", error);
  }
}

/** Where descriptors end below that (`ulimit -n 10`) the lock goes in the way of nobody who has any. */
function executeLow(command: readonly string[], lock: number, env: Record<string, string | undefined>): Bun.Subprocess {
  const stdio = stdioWith(lock, firstLowFd);
  try {
    const words = spawnable(keepIgnored([...command], env), env, stdio);
    return Bun.spawn(words.cmd, { stdio, env: words.env });
  } catch (error) {
    throw cannotExecute(command[0] ?? "", error);
  }
}

/** The given descriptors under their own numbers, the lock under one that is free. */
function stdioWith(
  lock: number | undefined,
  from: number,
): ["inherit", "inherit", "inherit", ...(number | "ignore")[]] {
  if (lock === undefined) return ["inherit", "inherit", "inherit", ...givenStdio()];
  let at = from;
  while (givenDescriptors().includes(at)) at += 1;
  return ["inherit", "inherit", "inherit", ...givenStdio(new Map([[at, lock]]))];
}

function cannotExecute(name: string, error: unknown): LanesError {
  const code = errnoCode(error) ?? String(error);
  if (code !== "EINVAL") return cannotRun(name, code, error);
  return new LanesError("lock.descriptors", { name }, { exitCode: ExitCode.notExecutable, cause: error });
}
