/** Why a command cannot be run, in a shell's words. */
import { errnoCode, LanesError } from "../errors.ts";
import { type MessageKey, type ParamsOf, phrase } from "../i18n/phrase.ts";
import { environment } from "../os/bytes/bytes.ts";
import { findIfExecutable } from "../os/exec/find-executable.ts";
import { interpreterOf } from "../os/exec/interpreter.ts";
import { RECORD_LIMIT } from "./input/records.ts";
import type { JobValues } from "./input/values.ts";

/** A job that was never started: what a shell would have said, and the exit code it would have given. */
export class Refusal<K extends MessageKey = MessageKey> extends LanesError<K> {
  constructor(
    override readonly exitCode: 126 | 127,
    key: K,
    params: ParamsOf<K>,
  ) {
    super(key, params);
  }
}

/** Values that can be no argument of any program. */
export function refuseValues(values: JobValues): Refusal | null {
  const bad = values.find((value) => value.includes("\0"));
  if (bad === undefined) return null;
  return new Refusal(126, bad.length >= RECORD_LIMIT / 4 ? "run.refused.long" : "run.refused.nul", {});
}

/** Why a command could not be started, if that is the command's own fault and not a lack of something. */
export function refusalOf(command: string, error: unknown): Refusal | null {
  switch (errnoCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return notFound(command);
    case "EACCES":
    case "EPERM":
      return new Refusal(126, "run.refused.notExecutable", { command });
    case "E2BIG":
      return new Refusal(126, "run.refused.long", {});
    case "ENOEXEC":
    case "ELOOP":
    case "ENAMETOOLONG":
    case "ETXTBSY":
    case "ERR_INVALID_ARG_VALUE":
      return new Refusal(126, "run.refused.other", { command, reason: (error as Error).message });
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
    const hint = interpreter.endsWith("\r") ? phrase("error.command.carriageReturn") : "";
    const params = { command, interpreter, hint };
    return new Refusal(126, "run.refused.interpreter", params);
  }
  if (env[`BASH_FUNC_${command}%%`] !== undefined) {
    return new Refusal(127, "run.refused.function", { command });
  }
  const key = BUILTINS.has(command) ? "run.refused.builtin" : "run.refused.notFound";
  return new Refusal(127, key, { command });
}
