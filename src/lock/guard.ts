/**
 * A command under a lock: take the lock, run the command, let go, and be the command's exit code.
 *
 * The command inherits the lock's descriptor, so if this process is killed the lock stays with the command until that ends.
 * Signals: while waiting they end the wait; once the command runs INT and QUIT, which a terminal sends to both, are the
 * command's business, TERM and HUP are passed on to it. What was ignored when we were started stays ignored.
 */
import { LanesError, signalExitCode } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { printable } from "../os/printable.ts";
import { execute, type Inheritance } from "./execute.ts";
import type { LockHandle } from "./handle.ts";
import { givenDescriptors, ignoredSignals } from "./inheritance.ts";
import { lockBlocking } from "./lock.ts";
import type { Ending } from "./release.ts";

/** What is to be run under which lock, and how. */
export interface Guarded {
  readonly file: string;
  /** How many may be in at once, each with a slot of its own (semaphore.ts); undefined: one, with the file itself. */
  readonly slots: number | undefined;
  readonly command: readonly string[];
  /** The most to wait, in ms; undefined: for ever. */
  readonly wait: number | undefined;
  /** The command, and what it starts, keep the lock if this process is killed. */
  readonly inherit: boolean;
  /** Leave the file there in the end. */
  readonly keep: boolean;
  readonly verbose: boolean;
  /** Do not even say that the file is not a lock's. */
  readonly quiet?: boolean;
}

/** The most slots a semaphore can have: every slot takes its waiter a thread. */
export const maxSlots = 64;

/** A line for the person. */
export type Tell = (line: string) => void;

/** What the command runs under: the lock, and how to give it back. */
export interface Taken {
  readonly handle: LockHandle;
  release(): Ending;
}

const numbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
type Handled = keyof typeof numbers;
const forwarded: readonly Handled[] = ["SIGTERM", "SIGHUP"];

/**
 * Runs it. `tell` gets what there is to say, a line at a time. @returns the exit code: the command's, or 128+n if signal n
 * ended the command or the wait. @throws LanesError: not acquired (exit code 75), cannot be executed (126, 127), no lock possible here (2).
 */
export async function guard(request: Guarded, tell: Tell): Promise<number> {
  const inheritance = { descriptors: givenDescriptors(), ignored: ignoredSignals() };
  const taken =
    request.slots === undefined
      ? takeFile(request, tell)
      : await (await import("./guard-slots.ts")).takeSlot(request, request.slots, inheritance.ignored, tell);
  const signals = new Signals(inheritance.ignored);
  try {
    return await run(request, taken.handle, inheritance, signals);
  } finally {
    release(taken, tell);
    signals.dispose();
  }
}

function takeFile(request: Guarded, tell: Tell): Taken {
  const { file, verbose, quiet, command, wait, inherit, keep } = request;
  let isForeign = false;
  const handle = lockBlocking(file, {
    command,
    wait,
    inherit,
    keep,
    onWait: (owner) =>
      verbose &&
      !isForeign &&
      tell(owner ? t("lock.waits", said(file, owner)) : t("lock.waitsUnknown", { path: file })),
    onForeign: () => {
      isForeign = true;
      if (!quiet) tell(t("lock.foreign", { path: printable(file) }));
    },
  });
  if (verbose && handle.recovered) tell(t("lock.recovered", { path: file, pid: handle.recovered.pid }));
  if (verbose) tell(t("lock.acquired", { path: file, ms: Math.round(handle.waitedMs) }));
  return { handle, release: () => handle.release() };
}

const said = (path: string, owner: LockHandle["owner"]) => ({
  path,
  pid: owner.pid,
  host: owner.host,
  command: owner.command.join(" "),
});

async function run(request: Guarded, handle: LockHandle, given: Inheritance, signals: Signals): Promise<number> {
  const child = execute(request.command, request.inherit ? { ...given, lock: handle.fd } : given);
  signals.passTo(child);
  try {
    handle.nameChild(child.pid);
  } catch {
    // The record without the child's pid is still a record: the command runs, and that is what counts.
  }
  const code = await child.exited;
  return child.signalCode === null ? code : signalExitCode(signalNumber(String(child.signalCode)));
}

const signalNumber = (name: string): number =>
  new Map(Object.entries(process.getBuiltinModule("node:os").constants.signals)).get(name) ?? 0;

/** Lets go. What went wrong is said, and changes nothing: the work is done, its exit code is known. */
function release({ handle, release }: Taken, tell: Tell): void {
  try {
    const ending = release();
    if (ending !== "released") tell(t(`lock.${ending}`, { path: handle.path }));
  } catch (error) {
    if (!(error instanceof LanesError)) throw error;
    tell(error.message);
  }
}

/** The signals of one run: from now on they are for the command. Those before it runs end this process, as by default. */
class Signals {
  readonly #handlers: readonly (readonly [Handled, () => void])[];
  #child: Bun.Subprocess | undefined;

  constructor(ignored: readonly number[]) {
    const handled = Object.keys(numbers) as Handled[];
    this.#handlers = handled
      .filter((name) => !ignored.includes(numbers[name]))
      .map((name) => [name, () => this.#receive(name)] as const);
    for (const [name, handler] of this.#handlers) process.on(name, handler);
  }

  /** From now on TERM and HUP go to this process. */
  passTo(child: Bun.Subprocess): void {
    this.#child = child;
  }

  dispose(): void {
    for (const [name, handler] of this.#handlers) process.off(name, handler);
  }

  #receive(name: Handled): void {
    if (forwarded.includes(name)) this.#child?.kill(name);
  }
}
