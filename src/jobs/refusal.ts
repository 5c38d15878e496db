/** Why a command cannot be run, in a shell's words. */
import { errnoCode } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { environment } from "../os/bytes/bytes.ts";
import { findIfExecutable } from "../os/exec/find-executable.ts";
import { interpreterOf } from "../os/exec/interpreter.ts";
import { RECORD_LIMIT } from "./input/records.ts";
import type { Values } from "./input/values.ts";

/** A job that was never started: what a shell would have said, and the exit code it would have given. */
export interface Refusal {
  readonly exitCode: 126 | 127;
  readonly reason: string;
}

/** Values that can be no argument of any program. */
export function refuseValues(values: Values): Refusal | null {
  const bad = values.find((value) => value.includes("\0"));
  if (bad === undefined) return null;
  const reason = bad.length >= RECORD_LIMIT / 4 ? t("run.refused.long") : t("run.refused.nul");
  return { exitCode: 126, reason };
}

/** Why a command could not be started, if that is the command's own fault and not a lack of something. */
export function refusalOf(command: string, error: unknown): Refusal | null {
  switch (errnoCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return notFound(command);
    case "EACCES":
    case "EPERM":
      return { exitCode: 126, reason: t("run.refused.notExecutable", { command }) };
    case "E2BIG":
      return { exitCode: 126, reason: t("run.refused.long") };
    case "ENOEXEC":
    case "ELOOP":
    case "ENAMETOOLONG":
    case "ETXTBSY":
    case "ERR_INVALID_ARG_VALUE":
      return { exitCode: 126, reason: t("run.refused.other", { command, reason: (error as Error).message }) };
    default:
      return null;
  }
}

/** Words that are a shell's own, and no program. */
const BUILTINS = new Set(
  ". : alias bg break cd continue declare dirs disown eval exec exit export fg for function hash history if jobs let local popd pushd read readonly return set shift shopt source times trap type typeset ulimit umask unalias unset until wait while".split(
    " ",
  ),
);

/** There is no such program; or there is, and the one that is to interpret it is not there. */
function notFound(command: string): Refusal {
  const env = environment();
  const path = findIfExecutable(command, env.PATH);
  const interpreter = path === null ? null : interpreterOf(path);
  if (interpreter !== null) {
    const hint = interpreter.endsWith("\r") ? t("error.command.carriageReturn") : "";
    const params = { command, interpreter, hint };
    return { exitCode: 126, reason: t("run.refused.interpreter", params) };
  }
  if (env[`BASH_FUNC_${command}%%`] !== undefined) {
    return { exitCode: 127, reason: t("run.refused.function", { command }) };
  }
  const key = BUILTINS.has(command) ? "run.refused.builtin" : "run.refused.notFound";
  return { exitCode: 127, reason: t(key, { command }) };
}
