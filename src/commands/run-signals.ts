/**
 * Signals during `lanes run`. The first that ends it stops the jobs (SIGTERM, later SIGKILL); the second kills them at
 * once. Ctrl-Z stops the jobs too, which in sessions of their own the terminal cannot reach, and they go on with lanes.
 */
import type { JobRun } from "../jobs/run.ts";
import { nowMs } from "../timeline/clock.ts";
import type { StopSignal } from "./signals.ts";

const stopSignals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** That the kernel has not stopped us is known after so many ms; a stopped process's timers stand still. */
const NOT_STOPPED_MS = 200;

export class RunSignals {
  /** The signal that stopped the run. */
  stoppedBy: StopSignal | null = null;
  readonly #run: JobRun;
  readonly #handlers: readonly (readonly [NodeJS.Signals, () => void])[];
  readonly #onSuspend = () => this.#suspend();
  #suspendedMs: number | null = null;
  #disposed = false;

  constructor(run: JobRun) {
    this.#run = run;
    this.#handlers = [
      ...stopSignals.map((signal) => [signal, () => this.#stop(signal)] as const),
      ["SIGTSTP", this.#onSuspend],
      ["SIGCONT", () => this.#continue()],
    ];
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
  }

  /** Signals mean what they mean by default again. */
  dispose(): void {
    this.#disposed = true;
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
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
