/**
 * Signals during `lanes run`. The first that ends it stops the jobs (SIGTERM, later SIGKILL); the second kills them at
 * once. Ctrl-Z stops the jobs, too. SIGUSR1 asks what runs; SIGUSR2 lets it end, and starts no more.
 */
import { obeySuspension } from "../../cli/suspension.ts";
import type { Run } from "../../jobs/plan.ts";
import { handleSignals, type StopSignal, stopSignals } from "../../os/signals.ts";

export class RunSignals {
  /** The signal that stopped the run. */
  stoppedBy: StopSignal | null = null;
  readonly #run: Run;
  readonly #heed: () => void;
  readonly #ended: () => void;

  /** @param tellRunning says which jobs run. */
  constructor(run: Run, tellRunning: () => void) {
    this.#run = run;
    this.#heed = handleSignals({
      ...Object.fromEntries(stopSignals.map((signal) => [signal, () => this.#stop(signal)])),
      SIGUSR1: tellRunning,
      SIGUSR2: () => run.drain(),
    });
    this.#ended = obeySuspension(run.jobs);
  }

  /** Signals mean again what they meant before. */
  dispose(): void {
    this.#heed();
    this.#ended();
  }

  #stop(signal: StopSignal): void {
    if (this.stoppedBy === null) {
      this.stoppedBy = signal;
      this.#run.stop("signal");
    } else this.#run.jobs.kill();
  }
}
