/**
 * Where a demo plays: its parameters, its folder, the recording, and the processes it started, each on a lane of its
 * own. Clearing the stage ends whatever is still running.
 */
import type { FarmAddress } from "../farm/address.ts";
import { Process } from "../process/index.ts";
import type { Recording } from "../recording/recording.ts";
import type { Params } from "../recording/results/demo.ts";

/** Main that goes from one wait to the next in less than this has only passed something on, ms. */
const PASSING_MS = 1;

/** A farm that is set up, for a demo to be played in. */
export interface FarmStage {
  readonly address: FarmAddress;
  /** As it is typed, without a password. */
  readonly name: string;
}

export class Stage {
  readonly #processes: Process[] = [];
  readonly #tidying: (() => void | Promise<void>)[] = [];
  /** By the record, main waits. */
  #waits = false;
  /** How many things it waits for at the same time, and when the last of them came. */
  #pending = 0;
  #cameMs = 0;

  constructor(
    readonly params: Params,
    /** An existing folder for the demo's files. */
    readonly dir: string,
    readonly recording: Recording,
    /** Aborted when the person leaves: stop waiting, throw its reason. */
    readonly signal: AbortSignal,
    /** Where its shared things are to be; undefined: in {@link dir}. */
    readonly farm?: FarmStage | undefined,
  ) {
    recording.subscribe(({ lane, type }) => {
      if (lane === "main") this.#waits = type === "wait" || type === "join";
    });
  }

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
    this.goOn();
    for (const process of processes) {
      this.recording.emit({ type: "join", on: process.name });
      await this.unlessLeft(process.join());
      if (process.error !== null) throw process.error;
    }
    this.recording.emit({ type: "run" });
  }

  /**
   * The promise, which main waits for on the record, or the signal's reason thrown as soon as the person leaves. Of several in
   * a row, between which it only passes something on, the first is recorded.
   * @param on what it waits for: a message of a process, or `timer`.
   */
  async or<T>(promise: Promise<T>, on = "message"): Promise<T> {
    this.goOn();
    if (!this.#waits) this.recording.emit({ type: "wait", on });
    this.#pending++;
    try {
      return await this.unlessLeft(promise);
    } finally {
      this.#pending--;
      this.#cameMs = this.recording.elapsedMs;
    }
  }

  /** Main has done something of its own since what it waited for came, if it took it any time: that is put on the record. */
  goOn(): void {
    if (!this.#waits || this.#pending > 0 || this.recording.elapsedMs - this.#cameMs < PASSING_MS) return;
    const { pid, ppid } = process;
    this.recording.sink({ type: "run", t: this.#cameMs, lane: "main", pid, ppid });
  }

  /** The promise, or the signal's reason thrown as soon as the person leaves. Not on the record. */
  async unlessLeft<T>(promise: Promise<T>): Promise<T> {
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

  /** What to do, once, when every process has ended: for what a stopped one may have left in the folder, or the farm. */
  tidyUp(tidy: () => void | Promise<void>): void {
    this.#tidying.push(tidy);
  }

  /** Ends every process that is still running, and the orphans of those that are not; then tidies up. */
  async clear(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    for (const tidy of this.#tidying.splice(0)) await tidy();
  }
}
