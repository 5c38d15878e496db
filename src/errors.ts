/**
 * The one class of errors meant for people: what happened, to which file or process, what to do. It carries a key of the
 * message catalog and its values, so that the same error reads English or Chinese; commands/ alone turns it into text
 * and an exit code. Anything else that is thrown is a bug in lanes, or came from the user's own code.
 */
import { type MessageKey, type ParamsOf, t } from "./i18n/index.ts";
import type { LibcError } from "./os/libc.ts";

/** Exit codes that are not a signal's; docs/json.md says what they mean. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  notAcquired: 75,
  lockLost: 76,
  notExecutable: 126,
  notFound: 127,
} as const;

/** The exit code of a program that signal number `n` stopped. */
export const signalExitCode = (n: number): number => 128 + n;

export class LanesError<K extends MessageKey = MessageKey> extends Error {
  override readonly name: string = "LanesError";
  /** What lanes ends with if nobody catches it; null where that is not for this error to say. */
  readonly exitCode: number | null;

  constructor(
    readonly key: K,
    readonly params: ParamsOf<K>,
    options: { exitCode?: number; cause?: unknown } = {},
  ) {
    super(t(key, params), "cause" in options ? { cause: options.cause } : undefined);
    this.exitCode = options.exitCode ?? ExitCode.failed;
    // How it is told, and not what it says: nothing for those who print an error with all it carries.
    for (const own of ["key", "params", "exitCode"]) Object.defineProperty(this, own, { enumerable: false });
  }
}

/** A mistake on the command line or in a file it names: nothing was started, exit code 2. */
export function usageError<K extends MessageKey>(key: K, params: ParamsOf<K>, cause?: unknown): LanesError<K> {
  return new LanesError(
    key,
    params,
    cause === undefined ? { exitCode: ExitCode.usage } : { exitCode: ExitCode.usage, cause },
  );
}

/** Why a function of the C library cannot be called, in words. */
export function libcReason({ reason, missing: name }: LibcError): string {
  if (reason === "memory") return t("error.libc.memory", { name });
  return t("error.libc.function", { name, platform: `${process.platform} ${process.arch}` });
}

/** The system's error code (`ENOENT`, `EAGAIN` …) of anything thrown, or undefined. */
export function errnoCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
