/** The signals that end a map: the first stops it in good order, another one at once. */
import { handleSignals, type StopSignal, stopSignals } from "../os/signals.ts";
import type { Pool } from "../pool/index.ts";

export class MapSignals {
  /** The first signal that came. */
  stoppedBy: StopSignal | null = null;
  /** Signals mean again what they meant before. */
  readonly dispose = handleSignals(Object.fromEntries(stopSignals.map((name) => [name, () => this.#stop(name)])));

  constructor(readonly pool: Pool) {}

  #stop(name: StopSignal): void {
    if (this.stoppedBy === null) this.pool.stop();
    else this.pool.stop(0);
    this.stoppedBy ??= name;
  }
}
