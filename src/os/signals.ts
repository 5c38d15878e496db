/**
 * Signals as this process was given them, and as it hands them on.
 *
 * Always true: a signal that was ignored when lanes was started (nohup, a background job of a script) stays ignored, for lanes
 * and for what it starts; but SIGCHLD, without which nobody learns how his children ended. SIGUSR1 and SIGUSR2 end no lanes.
 *
 * Bun hands no disposition on: it starts children with all signals at their defaults. Nor does it say which were ignored.
 */
import { darwinFunctions } from "./darwin.ts";
import { findIfExecutable } from "./exec/find-executable.ts";
import { isLinux, isMac } from "./platform.ts";
import { nodeProc, type ProcReader } from "./process/proc.ts";

/** The numbers of those that lanes has to do with: node:os, which knows them all, need not be loaded for them. */
const numbers = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGUSR1: isMac ? 30 : 10,
  SIGUSR2: isMac ? 31 : 12,
  SIGTERM: 15,
  SIGCHLD: isMac ? 20 : 17,
  SIGCONT: isMac ? 19 : 18,
  SIGTSTP: isMac ? 18 : 20,
} as const;

export type KnownSignal = keyof typeof numbers;

/** Those that end a command; what is being done is stopped, and the exit code is 128+n. */
export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
export type StopSignal = (typeof stopSignals)[number];

/** The number of a signal that lanes has to do with. */
export const numberOf = (signal: KnownSignal): number => numbers[signal];

const others: Readonly<Record<string, number>> = { ...numbers, SIGKILL: 9, SIGPIPE: 13, SIGSTOP: isMac ? 17 : 19 };

/** The number of any signal, by the name that Bun tells: of a real-time signal `SIG` and its number. 0, if it is none. */
export function signalNumber(name: string): number {
  return others[name] ?? allNumbers()[name] ?? Number(/^SIG(\d+)$/.exec(name)?.[1] ?? 0);
}

const allNumbers = (): Readonly<Record<string, number>> => process.getBuiltinModule("node:os").constants.signals;

/** Ignored by Bun itself in every process (SIGPIPE, SIGXFSZ): what the caller wanted cannot be told. */
const ignoredByBun: ReadonlySet<number> = new Set([13, 25]);

let atStart: readonly number[] | undefined;

/**
 * The numbers (1 to 31) of the signals that were ignored when this process was started. Looked up once, which has to be
 * before any handler is installed: {@link prepareSignals} does it.
 */
export function ignoredSignals(proc: ProcReader = nodeProc): readonly number[] {
  atStart ??= (isLinux ? ignoredByProc(proc) : ignoredByLibSystem()).filter((signal) => !ignoredByBun.has(signal));
  return atStart;
}

function ignoredByProc(proc: ProcReader): number[] {
  const status = proc.read("self/status");
  const at = status.indexOf("SigIgn:");
  // 16 hex digits; the lower eight are the signals 1 to 32.
  const mask = at < 0 ? 0 : Number.parseInt(status.slice(at + 16, at + 24), 16);
  return all.filter((signal) => (mask >>> (signal - 1)) & 1);
}

const all = Array.from({ length: 31 }, (_, at) => at + 1);
const SIG_IGN = 1n;

/** By sigaction(2), whose struct begins with the handler. */
function ignoredByLibSystem(): number[] {
  try {
    const { sigaction } = darwinFunctions({ sigaction: { args: ["i32", "ptr", "buffer"], returns: "i32" } });
    const action = new BigUint64Array(32); // more than the struct has anywhere
    return all.filter((signal) => sigaction(signal, null, action) === 0 && action[0] === SIG_IGN);
  } catch {
    return []; // nobody can tell
  }
}

/** What every lanes does first, before it starts a process or handles a signal. */
export function prepareSignals(proc: ProcReader = nodeProc): void {
  if (ignoredSignals(proc).includes(numbers.SIGCHLD)) {
    // Where it is ignored the kernel throws exit codes away. A handler that goes leaves the default.
    const none = () => {};
    process.on("SIGCHLD", none).off("SIGCHLD", none);
  }
  handleSignals({ SIGUSR1: () => {}, SIGUSR2: () => {} });
}

/** Installs handlers, but for signals that were ignored at the start. @returns what takes them away again. */
export function handleSignals(handlers: Partial<Record<KnownSignal, () => void>>): () => void {
  const ignored = ignoredSignals();
  const installed = (Object.entries(handlers) as [KnownSignal, () => void][]).filter(
    ([signal]) => signal === "SIGCHLD" || !ignored.includes(numbers[signal]),
  );
  for (const [signal, handler] of installed) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of installed) process.off(signal, handler);
  };
}

/** A signal is to end this process that has no default for it: what is being done is left, up to main.ts, which ends it. */
export class EndedBySignal extends Error {
  override readonly name = "EndedBySignal";
  readonly exitCode: number;
  constructor(signal: KnownSignal) {
    super(signal);
    this.exitCode = 128 + numbers[signal];
  }
}

/**
 * Ends this process as this signal does by default. @throws EndedBySignal in process 1, for which the kernel has no defaults.
 */
export function endBySignal(signal: KnownSignal): never {
  process.kill(process.pid, signal);
  throw new EndedBySignal(signal);
}

/**
 * A command so that it begins with those signals ignored that were ignored when we began: where there are any a shell ignores
 * them and becomes the command (same pid, same exit code).
 * @param env what it is going to be started with.
 */
export function keepIgnored(
  command: string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const ignored = ignoredSignals().filter((signal) => signal !== numbers.SIGCHLD);
  const [name = ""] = command;
  // What cannot be found had better fail in our words than in the shell's.
  if (ignored.length === 0 || findIfExecutable(name, env.PATH) === null) return command;
  return ["/bin/sh", "-c", `trap '' ${ignored.join(" ")}; exec "$@"`, name, ...restoring(env, name), ...command];
}

/**
 * What stands before a command that a shell becomes: some shells drop variables that they could not name themselves, such as
 * bash's exported functions, and env(1) sets them again. Nothing, where there are none.
 */
export function restoring(env: Readonly<Record<string, string | undefined>>, name: string): string[] {
  if (name.includes("=")) return [];
  const odd = Object.entries(env).filter(([key, value]) => value !== undefined && !/^[A-Za-z_]\w*$/.test(key));
  return odd.length === 0 ? [] : ["env", ...odd.map(([key, value]) => `${key}=${value}`)];
}
