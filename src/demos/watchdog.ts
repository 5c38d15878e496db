/**
 * Notices processes that cannot go on: stopped by somebody (SIGSTOP), or never getting as far as their first line. Waiting
 * for those would be for ever, so the demo says so and ends. It knows them by the recording: also those that processes
 * started.
 */
import { LanesError } from "../errors.ts";
import { kernelView } from "../process/kernel.ts";
import type { LaneEvent } from "../timeline/event.ts";
import type { Recording } from "../timeline/recording.ts";

const LOOK_MS = 500;
/** A process may stand still for this long, ms. One that computes, or waits for a core, does not: a machine may be busy. */
const PATIENCE_MS = 10_000;
/** But whatever it does, it may take no longer than this to its first line, ms. */
const START_MS = 120_000;

interface Watched {
  readonly lane: string;
  ready: boolean;
  /** For how long it has been seen not to go on. */
  idleMs: number;
  /** For how long it has been starting. */
  startingMs: number;
}

export class Watchdog {
  readonly #processes = new Map<number, Watched>();
  readonly #onStall: (error: LanesError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #leave: () => void;
  #lookedMs = performance.now();

  /** Calls back, once, with the error that says which process does not go on. */
  constructor(recording: Recording, onStall: (error: LanesError) => void) {
    this.#onStall = onStall;
    this.#leave = recording.subscribe((event) => this.#hear(event));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Stops watching, and ends what is still there and should not be: an orphan that was stopped hears nobody hang up. */
  dispose(): void {
    clearInterval(this.#timer);
    this.#leave();
    const own = kernelView(process.pid)?.name;
    for (const pid of this.#processes.keys()) {
      const view = kernelView(pid);
      if (view !== null && !view.zombie && view.name === own) process.kill(pid, "SIGKILL");
    }
  }

  #hear({ type, pid, lane }: LaneEvent): void {
    if (type === "spawn" && !this.#processes.has(pid))
      this.#processes.set(pid, { lane, ready: false, idleMs: 0, startingMs: 0 });
    else if (type === "ready") this.#processes.set(pid, { lane, ready: true, idleMs: 0, startingMs: 0 });
    else if (type === "exit") this.#processes.delete(pid);
  }

  #look(): void {
    const now = performance.now();
    // At most two looks: if this process itself stood still (Ctrl-Z), so did the others, and nobody is to blame.
    const passedMs = Math.min(now - this.#lookedMs, 2 * LOOK_MS);
    this.#lookedMs = now;
    for (const [pid, watched] of this.#processes) {
      const view = kernelView(pid);
      const stopped = view?.stopped === true;
      watched.idleMs = stopped || !(watched.ready || view?.running) ? watched.idleMs + passedMs : 0;
      if (!watched.ready) watched.startingMs += passedMs;
      if (watched.idleMs < PATIENCE_MS && watched.startingMs < START_MS) continue;
      const seconds = (watched.idleMs < PATIENCE_MS ? START_MS : PATIENCE_MS) / 1000;
      const params = { name: watched.lane, pid, seconds };
      clearInterval(this.#timer);
      this.#onStall(new LanesError(stopped ? "error.stalled.stopped" : "error.stalled.start", params));
      return;
    }
  }
}
