/**
 * Where a demo plays: its parameters, its folder, the recording, and the processes it started, each on a lane of its
 * own. Clearing the stage ends whatever is still running.
 */
import { Process } from "../process/index.ts";
import type { Params } from "../recording/demo.ts";
import type { Recording } from "../recording/recording.ts";

export class Stage {
  readonly #processes: Process[] = [];
  readonly #tidying: (() => void)[] = [];

  constructor(
    readonly params: Params,
    /** An existing folder for the demo's files. */
    readonly dir: string,
    readonly recording: Recording,
    /** Aborted when the person leaves: stop waiting, throw its reason. */
    readonly signal: AbortSignal,
  ) {}

  /** A number parameter's value. */
  number(name: string): number {
    return Number(this.params[name]);
  }

  /** A choice parameter's value. */
  choice(name: string): string {
    return String(this.params[name]);
  }

  /** A new process on the next lane, not started yet. */
  process<F extends (...args: never[]) => unknown>(target: F, args: Parameters<F>): Process {
    return this.add(new Process({ target, args, ...this.lane() }));
  }

  /** The options that put a process on the next lane of this stage: for a subclass's constructor. Then {@link add} it. */
  lane(): { name: string; timeline: Recording } {
    return { name: `P${this.#processes.length + 1}`, timeline: this.recording };
  }

  /** Puts a process on the stage. */
  add<P extends Process>(process: P): P {
    this.#processes.push(process);
    return process;
  }

  get processes(): readonly Process[] {
    return this.#processes;
  }

  /**
   * Joins processes in order, recording on lane `main` that it is blocked in each join.
   * @throws what the first one threw, or the signal's reason.
   */
  async join(processes: readonly Process[]): Promise<void> {
    for (const process of processes) {
      this.recording.emit({ type: "join", on: process.name });
      await this.or(process.join());
      if (process.error !== null) throw process.error;
    }
    this.recording.emit({ type: "run" });
  }

  /** The promise, or the signal's reason thrown as soon as the person leaves. */
  async or<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {}); // if the signal comes first, nobody waits for it any more
    this.signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(this.signal.reason);
    this.signal.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([promise, aborted.promise]);
    } finally {
      this.signal.removeEventListener("abort", abort);
    }
  }

  /** What to do, once, when every process has ended: for what a stopped one may have left in the folder. */
  tidyUp(tidy: () => void): void {
    this.#tidying.push(tidy);
  }

  /** Ends every process that is still running, and the orphans of those that are not; then tidies up. */
  async clear(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    for (const tidy of this.#tidying.splice(0)) tidy();
  }
}
