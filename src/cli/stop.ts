/**
 * Stopping: the signals that end a command. The first one aborts the command's signal, which then stops what it started
 * (TERM, then KILL) and ends; a second Ctrl-C kills at once.
 */
import { signalExitCode } from "../errors.ts";
import { handleSignals, numberOf, type StopSignal, stopSignals } from "../os/signals.ts";
import { stopAll } from "../process/supervisor.ts";

/** A signal that was sent to a whole group has been heard by all of it after so many ms. */
const LATE_MS = 100;

/** The reason of an abort: which signal it was. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  constructor(readonly signal: StopSignal) {
    super(signal);
  }
  get exitCode(): number {
    return signalExitCode(numberOf(this.signal));
  }
}

/** Lets signals (and callers, for a Ctrl-C read from a raw terminal) stop a command. */
export class Stopper {
  readonly #controller = new AbortController();
  /** Signals mean again what they meant before. */
  readonly dispose = handleSignals(Object.fromEntries(stopSignals.map((name) => [name, () => this.#heard(name)])));
  /** What was typed to a command that has the terminal; undefined while none has it. */
  #typed: Set<NodeJS.Signals> | undefined;

  /** Aborted with a {@link Stopped} by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(name: StopSignal): void {
    if (this.signal.aborted) void stopAll(0);
    else this.#controller.abort(new Stopped(name));
  }

  /**
   * Lets a command have the terminal, in this process's group. Ctrl-C and Ctrl-\ are its own meanwhile: they reach this
   * process, too, and mean nothing to it, as in a shell. (A SIGINT that somebody sends to this process alone is not to be
   * told from them.) Other signals stop this command as always.
   * @param command resolves to its exit code.
   */
  async lendTerminal(command: () => Promise<number>): Promise<number> {
    const typed = new Set<NodeJS.Signals>();
    this.#typed = typed;
    try {
      const code = await command();
      // It may have ended of a key before we have heard of the key.
      const key = {
        [signalExitCode(numberOf("SIGINT"))]: "SIGINT",
        [signalExitCode(numberOf("SIGQUIT"))]: "SIGQUIT",
      } as const;
      const awaited = key[code];
      for (let waitedMs = 0; awaited !== undefined && !typed.has(awaited) && waitedMs < LATE_MS; waitedMs++)
        await Bun.sleep(1);
      return code;
    } finally {
      this.#typed = undefined;
    }
  }

  #heard(name: StopSignal): void {
    if (this.#typed !== undefined && (name === "SIGINT" || name === "SIGQUIT")) this.#typed.add(name);
    else this.stop(name);
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
