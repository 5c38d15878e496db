/** Signals that would end this process by default, during a wait that can be left in good order first. */
import { endBySignal, handleSignals, type StopSignal, stopSignals } from "../../os/signals.ts";

/** The first one is kept, until it is obeyed. */
export class EndingSignals implements Disposable {
  readonly #controller = new AbortController();
  readonly #dispose = handleSignals(
    Object.fromEntries(stopSignals.map((name) => [name, () => this.#controller.abort(name)])),
  );

  /** Aborted by the first one, with its name. */
  get came(): AbortSignal {
    return this.#controller.signal;
  }

  /** If one came, it ends the process now, as it would have done by itself. */
  obey(): void {
    this.#dispose();
    if (this.came.aborted) endBySignal(this.came.reason as StopSignal);
  }

  [Symbol.dispose](): void {
    this.#dispose();
  }
}
