/** The signals that end a map: the first stops it in good order, another one at once. Ctrl-Z stops the workers, too. */
import { obeySuspension } from "../../cli/suspension.ts";
import { handleSignals, type StopSignal, stopSignals } from "../../os/signals.ts";
import type { Mapping } from "../../pool/index.ts";

export class MapSignals {
  /** The first signal that came. */
  stoppedBy: StopSignal | null = null;
  readonly #ended: () => void;
  readonly #heed = handleSignals(Object.fromEntries(stopSignals.map((name) => [name, () => this.#stop(name)])));

  constructor(readonly pool: Mapping) {
    this.#ended = obeySuspension(pool);
  }

  /** Signals mean again what they meant before. */
  dispose(): void {
    this.#heed();
    this.#ended();
  }

  #stop(name: StopSignal): void {
    if (this.stoppedBy === null) this.pool.stop();
    else this.pool.stop(0);
    this.stoppedBy ??= name;
  }
}
