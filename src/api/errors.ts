/** What goes wrong in a program that uses lanes as a library. Each is a LanesError, so that `catch` can ask for all of them. */
import { LanesError } from "../errors.ts";
import type { MessageKey, ParamsOf } from "../i18n/phrase.ts";
import type { ErrorData } from "../thrown.ts";

/** A function or a class that a child process could not find again. Nothing was started. */
export class NotReachable<K extends MessageKey = MessageKey> extends LanesError<K> {
  override readonly name = "NotReachable";
}

/** A value that does not arrive whole in another process; the message names where in the data it is. */
export class NotSendable<K extends MessageKey = MessageKey> extends LanesError<K> {
  override readonly name = "NotSendable";
}

/** The file starts processes while it is loaded in a child. */
export class GuardMissing<K extends MessageKey = MessageKey> extends LanesError<K> {
  override readonly name = "GuardMissing";
}

/** Something asked of a process that it cannot do now: joined before it was started, started twice. */
export class ProcessError<K extends MessageKey = MessageKey> extends LanesError<K> {
  override readonly name = "ProcessError";
}

/** A process that ended without having said what came of it: by a signal, by process.exit. */
export class ProcessLost extends LanesError<"api.lost"> {
  override readonly name = "ProcessLost";

  constructor(
    params: ParamsOf<"api.lost">,
    /** Null if a signal ended it. */
    override readonly exitCode: number | null,
    readonly signal: NodeJS.Signals | null,
  ) {
    super("api.lost", params);
  }
}

/** A worker of a pool that ended in the middle of a call. The pool has another one by now. */
export class WorkerLost extends LanesError<"api.pool.lost" | "api.pool.start"> {
  override readonly name = "WorkerLost";

  constructor(
    key: "api.pool.lost" | "api.pool.start",
    /** The function it was at; empty if it had not begun yet. */
    at: string,
    /** The worker: what it was called, and how it ended; `error`: what nobody caught in it. */
    worker: { readonly name: string; readonly pid: number; readonly error: Error | null } & Pick<
      ProcessLost,
      "exitCode" | "signal"
    >,
  ) {
    const { name: process, pid, exitCode, signal, error } = worker;
    super(
      key,
      { name: process, pid, ending: signal ?? `exit code ${exitCode}`, function: at },
      error === null ? {} : { cause: error },
    );
    this.processName = process;
    this.pid = pid;
    this.exitCode = exitCode;
    this.signal = signal;
  }

  readonly processName: string;
  readonly pid: number;
  /** Null if a signal ended it. */
  override readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a child threw. Name, message, stack and cause are those it had there. */
export class RemoteError extends LanesError<"api.remote"> {
  override readonly name: string;

  constructor(
    /** The name of the process that threw it. */
    readonly processName: string,
    /** What it threw, as data. */
    readonly remote: Readonly<{ name: string; message: string; stack: string; code?: unknown }>,
    cause: unknown,
    { index, where }: RemotePlace = {},
  ) {
    super("api.remote", { process: processName }, cause === undefined ? {} : { cause });
    if (index !== undefined) this.index = index;
    this.name = remote.name;
    this.message = remote.message;
    this.stack = `${remote.stack}\n    -- ${where ?? `in process ${processName}`} --`;
  }

  /** In a call of a pool with many items: the number of the one that failed, from 0. */
  declare readonly index?: number;

  /** From what a child told of it. */
  static of(processName: string, data: ErrorData, place: RemotePlace = {}): RemoteError {
    const { message, fields } = data;
    const name = data.name || "Error";
    const code = fields?.code;
    const remote = { name, message, stack: data.stack || `${name}: ${message}` };
    const cause = data.cause === undefined ? undefined : errorOf(data.cause);
    return new RemoteError(processName, code === undefined ? remote : { ...remote, code }, cause, place);
  }
}

/** Where in a pool something was thrown. */
interface RemotePlace {
  /** At which item of a call. */
  readonly index?: number;
  /** What is said of it instead of the process's name. */
  readonly where?: string;
}

/** An error again, from what was told of it. */
function errorOf({ name, message, stack, fields, cause }: ErrorData): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: errorOf(cause) });
  if (name !== "") error.name = name;
  error.stack = stack || `${name}: ${message}`;
  return Object.assign(error, fields);
}
