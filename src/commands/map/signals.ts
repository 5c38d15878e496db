/**
 * The signals that end a map: the first stops it in good order, another one at once. Ctrl-Z stops the workers too, which in
 * groups of their own the terminal cannot reach, and they go on with lanes.
 */
import { handleSignals, type StopSignal, stopSignals } from "../../os/signals.ts";
import type { Pool } from "../../pool/index.ts";

export class MapSignals {
  /** The first signal that came. */
  stoppedBy: StopSignal | null = null;
  /** Signals mean again what they meant before. */
  readonly dispose = handleSignals({
    ...Object.fromEntries(stopSignals.map((name) => [name, () => this.#stop(name)])),
    // Nothing stops process 1, and so nobody would let the workers go on.
    ...(process.pid === 1 ? {} : { SIGTSTP: () => this.#suspend(), SIGCONT: () => this.pool.resume() }),
  });

  constructor(readonly pool: Pool) {}

  #stop(name: StopSignal): void {
    if (this.stoppedBy === null) this.pool.stop();
    else this.pool.stop(0);
    this.stoppedBy ??= name;
  }

  #suspend(): void {
    this.pool.suspend();
    process.kill(process.pid, "SIGSTOP");
  }
}
