/** Why the command of `lanes lock` or `lanes trace` cannot be started, in the words of POSIX shells. */
import { ExitCode, errnoCode, LanesError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { environment } from "../os/bytes/bytes.ts";
import { findExecutable } from "../os/exec/find-executable.ts";
import { interpreterOf } from "../os/exec/interpreter.ts";

/**
 * The error for a command that the system did not start. @param code what it said (`ENOENT`, `EACCES` …)
 * @returns exit code 127: there is no such command; 126: it is there and cannot be executed.
 */
export function cannotRun(name: string, code: string, cause?: unknown): LanesError {
  if (isMissing(code)) {
    let path: string;
    try {
      path = findExecutable(name, environment().PATH);
    } catch (error) {
      const found = errnoCode(error) ?? "ENOENT";
      if (!isMissing(found)) return notExecutable(name, found, cause);
      return new LanesError("error.command.notFound", { name }, { exitCode: ExitCode.notFound, cause });
    }
    // It is there: what is not is the program that it asks for.
    const interpreter = interpreterOf(path);
    if (interpreter !== null) {
      const hint = interpreter.endsWith("\r") ? t("error.command.carriageReturn") : "";
      const params = { name, interpreter, hint };
      return new LanesError("error.command.interpreter", params, { exitCode: ExitCode.notExecutable, cause });
    }
  }
  return notExecutable(name, code, cause);
}

const isMissing = (code: string) => code === "ENOENT" || code === "ENOTDIR";

const notExecutable = (name: string, code: string, cause: unknown) =>
  new LanesError("error.command.notExecutable", { name, code }, { exitCode: ExitCode.notExecutable, cause });
