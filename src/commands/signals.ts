/**
 * Stopping: the signals that end a command. The first one aborts the command's signal, which then stops what it started
 * (TERM, then KILL) and ends; a second Ctrl-C kills at once.
 */
import { constants } from "node:os";
import { signalExitCode } from "../errors.ts";
import { handleSignals, type StopSignal, stopSignals } from "../os/signals.ts";
import { stopAll } from "../process/supervisor.ts";

/** The reason of an abort: which signal it was. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  constructor(readonly signal: StopSignal) {
    super(signal);
  }
  get exitCode(): number {
    return signalExitCode(constants.signals[this.signal]);
  }
}

/** Lets signals (and callers, for a Ctrl-C read from a raw terminal) stop a command. */
export class Stopper {
  readonly #controller = new AbortController();
  /** Signals mean again what they meant before. */
  readonly dispose = handleSignals(Object.fromEntries(stopSignals.map((name) => [name, () => this.stop(name)])));

  /** Aborted with a {@link Stopped} by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(name: StopSignal): void {
    if (this.signal.aborted) void stopAll(0);
    else this.#controller.abort(new Stopped(name));
  }

  /** Does something that may throw where nobody could catch it: then the command ends with what was thrown. */
  try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#controller.abort(error);
    }
  }
}

/**
 * Runs a command that signals can stop. Whatever happens, no process it started is left.
 * @returns its exit code; 128+n if signal n stopped it.
 */
export async function stoppable(run: (stopper: Stopper) => Promise<number>): Promise<number> {
  const stopper = new Stopper();
  try {
    return await run(stopper);
  } catch (error) {
    if (error instanceof Stopped && error === stopper.signal.reason) return error.exitCode;
    throw error;
  } finally {
    await stopAll();
    stopper.dispose();
  }
}
