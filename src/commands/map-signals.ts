/**
 * The signals that end a map: the first stops it in good order, another one at once. Ctrl-Z stops the workers too, which in
 * groups of their own the terminal cannot reach, and they go on with lanes.
 */
import type { Pool } from "../pool/index.ts";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class MapSignals {
  /** The first signal that came. */
  stoppedBy: NodeJS.Signals | null = null;
  readonly #handlers = [
    ...names.map((name) => [name, () => this.#stop(name)] as const),
    ["SIGTSTP", () => this.#suspend()] as const,
    ["SIGCONT", () => this.pool.resume()] as const,
  ];

  constructor(readonly pool: Pool) {
    for (const [name, handler] of this.#handlers) process.on(name, handler);
  }

  /** Signals mean what they mean by default again. */
  dispose(): void {
    for (const [name, handler] of this.#handlers) process.off(name, handler);
  }

  #stop(name: NodeJS.Signals): void {
    if (this.stoppedBy === null) this.pool.stop();
    else this.pool.stop(0);
    this.stoppedBy ??= name;
  }

  #suspend(): void {
    this.pool.suspend();
    process.kill(process.pid, "SIGSTOP");
  }
}
