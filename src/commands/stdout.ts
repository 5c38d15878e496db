/** A stoppable command's stdout, for more than a pipe holds: a signal is heard although whoever reads it stands still. */

import type { Stopper } from "../cli/stop.ts";
import { errnoCode, LanesError } from "../errors.ts";
import { Outlet } from "../jobs/output/outlet.ts";
import { OutputClosed, stdoutDescriptor } from "../os/stdout.ts";

export class Stdout {
  readonly #outlet: Outlet;
  readonly #signal: AbortSignal;
  readonly #stopped: Promise<never>;

  /** What keeps it from being written (OutputClosed, LanesError `error.output`) ends the command. */
  constructor(stopper: Stopper) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {}); // nobody may be waiting
    stopper.signal.addEventListener("abort", () => reject(stopper.signal.reason), { once: true });
    this.#signal = stopper.signal;
    this.#stopped = promise;
    this.#outlet = new Outlet(stdoutDescriptor(), (error) =>
      stopper.try(() => {
        if (errnoCode(error) === "EPIPE") throw new OutputClosed();
        throw new LanesError("error.output", { reason: error.message }, { cause: error });
      }),
    );
  }

  /** Writes what can be written now; the rest follows. Never blocks. */
  write(text: string): void {
    this.#outlet.write(Buffer.from(text));
  }

  /** Resolves when everything is out. @throws what has stopped the command. */
  async drained(): Promise<void> {
    await Promise.race([this.#outlet.drained(), this.#stopped]);
    this.#signal.throwIfAborted();
  }
}
