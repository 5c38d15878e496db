/**
 * Notices processes that cannot go on: stopped by somebody (SIGSTOP), or never getting as far as their first line. Waiting
 * for those would be for ever, so the demo says so and ends. It knows them by the recording: also those that processes
 * started.
 */
import { LanesError } from "../errors.ts";
import { kernelView } from "../os/process/process-table.ts";
import type { LaneEvent } from "../recording/event.ts";
import type { Recording } from "../recording/recording.ts";

const LOOK_MS = 500;
/** A process may stand still for this long, stopped or before its first line. */
const PATIENCE_MS = 10_000;
/** It may take this long to its first line while it gets on: on an emulated or very busy machine a start takes its time. */
const START_PATIENCE_MS = 120_000;

interface Watched {
  readonly lane: string;
  ready: boolean;
  /** For how long it has been seen not to go on. */
  idleMs: number;
  /** For how long it has been on its way to its first line. */
  startingMs: number;
  /** Its processor time when it was looked at. */
  ticks: number | undefined;
}

const fresh = { idleMs: 0, startingMs: 0, ticks: undefined };

export class StallWatchdog {
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
    if (type === "spawn" && !this.#processes.has(pid)) this.#processes.set(pid, { lane, ready: false, ...fresh });
    else if (type === "ready") this.#processes.set(pid, { lane, ready: true, ...fresh });
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
      const getsOn = !stopped && (watched.ready || view?.running || view?.ticks !== watched.ticks);
      watched.idleMs = getsOn ? 0 : watched.idleMs + passedMs;
      watched.startingMs = watched.ready ? 0 : watched.startingMs + passedMs;
      watched.ticks = view?.ticks;
      if (watched.idleMs < PATIENCE_MS && watched.startingMs < START_PATIENCE_MS) continue;
      const waitedMs = stopped ? watched.idleMs : watched.startingMs;
      const params = { name: watched.lane, pid, seconds: Math.round(waitedMs / 1000) };
      clearInterval(this.#timer);
      this.#onStall(new LanesError(stopped ? "error.stalled.stopped" : "error.stalled.start", params));
      return;
    }
  }
}
