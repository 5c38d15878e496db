/**
 * A command under a lock: take the lock, run the command, let go, and be the command's exit code.
 *
 * The command inherits the lock's descriptor, so if this process is killed the lock stays with the command until that ends.
 * Signals: while waiting they end the wait; once the command runs they are the command's (passing-on.ts). What was ignored
 * when we were started stays ignored.
 */
import { LanesError, signalExitCode } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import type { LockHandle } from "../../lock/handle.ts";
import { type LockWaitOptions, lock, lockBlocking } from "../../lock/lock.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { prepareSignals, signalNumber } from "../../os/signals.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { EndingSignals } from "./ending-signals.ts";
import { execute } from "./execute.ts";
import { lockProc } from "./inheritance.ts";
import type { LockedCommand, TakenLock, Tell } from "./locked-command.ts";
import { PassingOn } from "./passing-on.ts";

/** The most slots a semaphore can have: every slot takes its waiter a thread. */
export const maxSlots = 64;

/**
 * Runs it. `tell` gets what there is to say, a line at a time. @returns the exit code: the command's, or 128+n if signal n
 * ended the command or the wait. @throws LanesError: not acquired (exit code 75), cannot be executed (126, 127), no lock possible here (2).
 */
export async function runLocked(request: LockedCommand, tell: Tell): Promise<number> {
  givenDescriptors(lockProc);
  prepareSignals(lockProc);
  const taken =
    request.slots === undefined
      ? await takeFile(request, tell)
      : await (await import("./take-slot.ts")).takeSlot(request, request.slots, tell);
  const signals = new PassingOn();
  try {
    return await run(request, taken.handle, signals);
  } finally {
    release(taken, tell);
    await signals.end();
  }
}

async function takeFile(request: LockedCommand, tell: Tell): Promise<TakenLock> {
  const { file, verbose, quiet, command, wait, inherit, keep } = request;
  let isForeign = false;
  const options: LockWaitOptions = {
    command,
    wait,
    inherit,
    keep,
    onWait: (owner) =>
      verbose &&
      !isForeign &&
      tell(owner ? t("lock.waits", said(file, owner)) : t("lock.waitsUnknown", { path: file })),
    // Whoever sits before it wants to know why nothing happens.
    onLongWait: (owner) => {
      if (quiet || verbose || isForeign || !isTerminal(2)) return;
      tell(owner ? t("lock.waits", said(file, owner)) : t("lock.waitsUnknown", { path: file }));
    },
    onForeign: () => {
      isForeign = true;
      if (!quiet) tell(t("lock.foreign", { path: file }));
    },
  };
  const handle = process.pid === 1 ? await lockAsInit(file, options) : lockBlocking(file, options);
  if (verbose && handle.recovered) tell(t("lock.recovered", { path: file, pid: handle.recovered.pid }));
  if (verbose) tell(t("lock.acquired", { path: file, ms: Math.round(handle.waitedMs) }));
  return { handle, release: () => handle.release() };
}

/** For process 1 signals have no default action that would end a wait in the kernel: a thread waits, and we hear them. */
async function lockAsInit(file: string, options: Omit<LockWaitOptions, "signal">): Promise<LockHandle> {
  using signals = new EndingSignals();
  try {
    const handle = await lock(file, { ...options, signal: signals.came });
    if (signals.came.aborted) handle.release();
    signals.obey();
    return handle;
  } catch (error) {
    signals.obey();
    throw error;
  }
}

const said = (path: string, owner: LockHandle["owner"]) => ({
  path,
  pid: owner.pid,
  host: owner.host,
  command: owner.command.join(" "),
});

async function run(request: LockedCommand, handle: LockHandle, signals: PassingOn): Promise<number> {
  const child = execute(request.command, request.inherit ? handle.fd : undefined);
  signals.to(child);
  try {
    handle.nameChild(child.pid);
  } catch {
    // The record without the child's pid is still a record: the command runs, and that is what counts.
  }
  return childExitCode(child);
}

/** What lanes ends with once this command has ended. */
export async function childExitCode(child: Bun.Subprocess): Promise<number> {
  const code = await child.exited;
  return child.signalCode === null ? code : signalExitCode(numberOf(child.signalCode));
}

/** A real-time signal has no name: Bun tells its number. */
const numberOf = (signal: NodeJS.Signals | number): number =>
  typeof signal === "number" ? signal : signalNumber(signal);

/** Lets go. What went wrong is said, and changes nothing: the work is done, its exit code is known. */
function release({ handle, release }: TakenLock, tell: Tell): void {
  try {
    const ending = release();
    if (ending !== "released") tell(t(`lock.${ending}`, { path: handle.path }));
  } catch (error) {
    if (!(error instanceof LanesError)) throw error;
    tell(error.message);
  }
}
