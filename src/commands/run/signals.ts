/**
 * Signals during `lanes run`. The first that ends it stops the jobs (SIGTERM, later SIGKILL); the second kills them at
 * once. Ctrl-Z stops the jobs too, which in sessions of their own the terminal cannot reach, and they go on with lanes.
 * SIGUSR1 asks what runs; SIGUSR2 lets it end, and starts no more.
 */
import type { JobRun } from "../../jobs/run.ts";
import { handleSignals, type StopSignal, stopSignals } from "../../os/signals.ts";
import { nowMs } from "../../recording/clock.ts";

/** That the kernel has not stopped us is known after so many ms; a stopped process's timers stand still. */
const NOT_STOPPED_MS = 200;

export class RunSignals {
  /** The signal that stopped the run. */
  stoppedBy: StopSignal | null = null;
  /** Signals mean again what they meant before. */
  readonly dispose: () => void;
  readonly #run: JobRun;
  readonly #onSuspend = () => this.#suspend();
  #suspendedMs: number | null = null;
  #disposed = false;

  /** @param tellRunning says which jobs run. */
  constructor(run: JobRun, tellRunning: () => void) {
    this.#run = run;
    const dispose = handleSignals({
      ...Object.fromEntries(stopSignals.map((signal) => [signal, () => this.#stop(signal)])),
      SIGUSR1: tellRunning,
      SIGUSR2: () => run.drain(),
      // Nothing stops process 1, and so nobody would let the jobs go on.
      ...(process.pid === 1 ? {} : { SIGTSTP: this.#onSuspend, SIGCONT: () => this.#continue() }),
    });
    this.dispose = () => {
      this.#disposed = true;
      dispose();
    };
  }

  #stop(signal: StopSignal): void {
    if (this.stoppedBy === null) {
      this.stoppedBy = signal;
      this.#run.stop("signal");
    } else this.#run.jobs.kill();
  }

  #suspend(): void {
    this.#run.jobs.suspend();
    this.#suspendedMs = nowMs();
    // As by default, not by SIGSTOP: where nobody could continue us (an orphaned group) the kernel then stops nothing.
    process.off("SIGTSTP", this.#onSuspend);
    process.kill(process.pid, "SIGTSTP");
    setTimeout(() => {
      if (this.#disposed) return;
      process.on("SIGTSTP", this.#onSuspend);
      if (this.#suspendedMs !== null) this.#continue();
    }, NOT_STOPPED_MS);
  }

  #continue(): void {
    const pausedMs = this.#suspendedMs === null ? 0 : nowMs() - this.#suspendedMs;
    this.#suspendedMs = null;
    this.#run.jobs.resume(pausedMs);
  }
}
