/**
 * The one class of errors meant for people: what happened, to which file or process, what to do. It carries a key of the
 * message catalog and its values, and no words: those are put in where it is shown, in the language spoken there, so that the
 * same error reads English or Chinese, and crosses to another process as data. Anything else that is thrown is a bug in lanes,
 * or came from the user's own code.
 *
 * `message` says it in words when it is asked for. Where words come from is said once, at the start of a process that
 * shows errors ({@link wordErrors}); without that it is the key and the values.
 */
import type { MessageKey, ParamsOf, Phrase } from "./i18n/phrase.ts";
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

/** Says a message in words. */
type Say = (phrase: Phrase) => string;

let say: Say = ({ key, params }) => `${key} ${JSON.stringify(params)}`;
let whenMade = false;

/**
 * From here on the errors of this process are worded so.
 * @param when `asked`: whenever the message is read. `made`: as soon as there is an error, for a process in which a user's own
 *   program runs: that may print the stack, which has the message in it, or send the error to a thread, which only takes the
 *   properties that it has.
 */
export function wordErrors(by: Say, when: "asked" | "made"): void {
  say = by;
  whenMade = when === "made";
}

export class LanesError<K extends MessageKey = MessageKey> extends Error {
  override readonly name: string = "LanesError";
  /** What lanes ends with if nobody catches it; null where that is not for this error to say. */
  readonly exitCode: number | null;

  constructor(
    readonly key: K,
    readonly params: ParamsOf<K>,
    options: { exitCode?: number; cause?: unknown } = {},
  ) {
    super(undefined, "cause" in options ? { cause: options.cause } : undefined);
    this.exitCode = options.exitCode ?? ExitCode.failed;
    if (whenMade) this.message = say(this);
    // How it is told, and not what it says: nothing for those who print an error with all it carries.
    for (const own of ["key", "params", "exitCode"]) Object.defineProperty(this, own, { enumerable: false });
  }

  /** What it says, in words. */
  override get message(): string {
    return say(this);
  }

  /** Other words, which stay as they are. */
  override set message(value: string) {
    Object.defineProperty(this, "message", { value, writable: true, configurable: true, enumerable: false });
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

/** Why a function of the C library cannot be called, to be said in a message. */
export function libcReason({ reason, missing: name }: LibcError): Phrase {
  if (reason === "memory") return { key: "error.libc.memory", params: { name } };
  return { key: "error.libc.function", params: { name, platform: `${process.platform} ${process.arch}` } };
}

/** The system's error code (`ENOENT`, `EAGAIN` …) of anything thrown, or undefined. */
export function errnoCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
