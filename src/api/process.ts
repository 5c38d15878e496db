/**
 * A process of a user's program, in the two styles of Python's `multiprocessing.Process`; a face over the engine in process/.
 *
 *     new Process({ target: greet, args: ["Ada"] }).start()        greet: any function at the top level of a file
 *     class Greeter extends Process { override run() { … } }       its fields travel; what it makes of them stays in the child
 *
 * A subclass may call its fields and methods what it likes: nothing of this class is a property of the instance but getters
 * and methods that are documented.
 */
import { notingEnds, type WaitOptions } from "../memory/index.ts";
import { never } from "../os/awake.ts";
import type { Child } from "../process/child.ts";
import { GRACE_MS, nowLive } from "../process/live.ts";
import { within } from "../process/within.ts";
import { Asked } from "./asked.ts";
import { ProcessError, ProcessLost, RemoteError } from "./errors.ts";
import { callerOf } from "./place/caller.ts";
import { locate } from "./place/locate.ts";
import type { Named } from "./place/place.ts";
import { endableOf } from "./program/ending.ts";
import type { ProgramStart } from "./program/program.ts";
import { nextNumber, record, self } from "./program/self.ts";
import { isStopping } from "./program/signals.ts";
import { programOf, startChild } from "./program/start-program.ts";
import { fromCall, mustBeOptions, refuseWithoutGuard, shown, withinCall } from "./refusal.ts";
import { refusePrivate } from "./sending/private-fields.ts";
import { decode, encode } from "./sending/values.ts";

// biome-ignore lint/suspicious/noExplicitAny: any function at all; lanes.d.ts says which arguments it gets.
type Target = (...args: any[]) => unknown;

export interface ProcessOptions {
  /** What the child runs. */
  readonly target?: Target;
  /** Its arguments. */
  readonly args?: readonly unknown[];
  /** `Process-1`, `Process-2` … by default, after its class; `Process-1:1` in a child. */
  readonly name?: string;
  /** It is not waited for at the end of the program, but killed then. By default as this process itself. */
  readonly daemon?: boolean;
}

/** In a child: the instance that its parent made, made again. */
const HERE = Symbol("here");
const children = new Set<Process>();

/** The children of this process that have not ended. */
export function activeChildren(): readonly Process[] {
  return [...children];
}

export class Process<R = unknown> implements AsyncDisposable {
  readonly #name: string;
  readonly #daemon: boolean;
  readonly #path: readonly number[];
  readonly #target: Target | undefined;
  readonly #args: readonly unknown[];
  /** The file that made it. */
  readonly #file: string | null;
  /** This object stands for the process it is in. */
  readonly #here: boolean;
  #child: Child | null = null;
  #result: Promise<R> | undefined;
  /** How many waits keep this process awake for a daemon. */
  #awaited = 0;

  constructor(options: ProcessOptions = {}) {
    mustBeOptions(options, "new Process({ target, args })");
    this.#here = HERE in options;
    this.#path = this.#here ? self().path : [...self().path, nextNumber()];
    this.#name = options.name ?? `${this.constructor.name || "Process"}-${this.#path.join(":")}`;
    this.#daemon = options.daemon ?? self().daemon;
    const { target, args = [] } = options;
    if (target !== undefined && typeof target !== "function")
      throw new ProcessError("api.target", { what: "target", value: shown(target) });
    if (!Array.isArray(args)) throw new ProcessError("api.args", { value: shown(args) });
    this.#target = target;
    this.#args = args;
    this.#file = this.#here ? null : (callerOf()?.file ?? null);
  }

  /** What the child does: calls the target. A subclass overrides it. */
  run(): R | Promise<R> {
    return this.#target?.(...this.#args) as R;
  }

  /**
   * Starts the child; returns as soon as the system has created it.
   * @throws GuardMissing, NotReachable, NotSendable: nothing was started. LanesError if the system refuses.
   */
  start(): this {
    refuseWithoutGuard(Process.prototype.start);
    if (this.#child !== null || this.#here)
      throw fromCall(new ProcessError("api.started", { name: this.#name }), Process.prototype.start);
    const { value: program, ended } = notingEnds(() => withinCall(Process.prototype.start, () => this.#program()));
    const child = this.#spawn(program, ended);
    this.#child = child;
    children.add(this);
    nowLive(endableOf(child), child.ended);
    void child.ended.then(() => {
      children.delete(this);
      ended(child.pid);
    });
    if (this.#daemon) child.keepAwake(false);
    return this;
  }

  /**
   * Waits until it has ended. Never rejects for what the child did.
   * @returns whether it has ended; false when the timeout is over.
   * @throws the signal's reason; ProcessError if it was not started.
   */
  async join({ timeout, signal }: WaitOptions = {}): Promise<boolean> {
    const child = this.#started();
    if (!this.isAlive) return true;
    record({ type: "join", on: child.options.name });
    try {
      return await this.#awake(() => within(timeout, child.ended, signal));
    } finally {
      record({ type: "run" });
    }
  }

  /** What run() returned. Rejects with RemoteError for what it threw, with ProcessLost for any other end. */
  get result(): Promise<R> {
    const child = this.#started();
    const asked = new Asked();
    // Made when it is asked for: else who never asks would have a rejection that nobody handles.
    this.#result ??= this.#awake(async () => {
      await child.ended;
      const { last, pid, exitCode, signal } = child;
      if (last?.kind === "done") return (await decode(last.result as Uint8Array)) as R;
      if (last?.kind === "error") throw RemoteError.of(this.#name, last.error);
      // Why it never ran, if it did not: the executable was replaced, the system ended it.
      if (child.error !== null && child.ready === null) throw child.error;
      const ending = signal ?? `exit code ${exitCode}`;
      throw asked.placed(new ProcessLost({ name: this.#name, pid, ending }, exitCode, signal as NodeJS.Signals | null));
    });
    return this.#result;
  }

  /** Asks it to end (SIGTERM). */
  terminate(): void {
    if (this.isAlive) this.#child?.kill("SIGTERM");
  }

  /** Ends it at once (SIGKILL). What it held comes free. */
  kill(): void {
    if (this.isAlive) this.#child?.kill("SIGKILL");
  }

  get name(): string {
    return this.#name;
  }

  get daemon(): boolean {
    return this.#daemon;
  }

  /** Undefined before start(). */
  get pid(): number | undefined {
    return this.#here ? process.pid : this.#child?.pid;
  }

  /** Undefined before start(); null while it runs, and if a signal ended it. */
  get exitCode(): number | null | undefined {
    if (this.#here) return null;
    return this.#child === null ? undefined : this.isAlive ? null : this.#child.exitCode;
  }

  /** The signal that ended it. */
  get signal(): NodeJS.Signals | null {
    return this.isAlive ? null : ((this.#child?.signal ?? null) as NodeJS.Signals | null);
  }

  get isAlive(): boolean {
    return this.#here || (this.#child !== null && this.#child.endedMs === null);
  }

  /** SIGTERM, after 500 ms SIGKILL; resolves when it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child !== null) await endableOf(this.#child).stop(GRACE_MS);
  }

  #spawn(program: ProgramStart, ended: (pid: number) => void): Child {
    try {
      return startChild(program);
    } catch (error) {
      ended(0);
      throw error;
    }
  }

  #started(): Child {
    if (this.#child === null) throw new ProcessError("api.notStarted", { name: this.#name });
    return this.#child;
  }

  /** While somebody waits for it, this process stays for a daemon too. */
  async #awake<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#awaited++ === 0) this.#child?.keepAwake(true);
    try {
      const value = await wait();
      if (isStopping()) await never; // the program is being ended: it does not go on as if all were well
      return value;
    } finally {
      if (--this.#awaited === 0 && this.#daemon) this.#child?.keepAwake(false);
    }
  }

  /** What the child is told. @throws NotReachable, NotSendable. */
  #program(): ProgramStart {
    const subclass = this.constructor !== Process;
    const target = this.#target && locate(this.#target, "target", () => this.#file);
    const state = Object.fromEntries(Object.entries(this));
    const start = programOf(this.#name, this.#daemon, this.#path, {
      is: "process",
      subclass: subclass ? locate(this.constructor, this.constructor.name || "class", () => this.#file) : undefined,
      target,
      args: encode([...this.#args], "args"),
      state: subclass ? encode(state, "this") : undefined,
    });
    if (subclass) refusePrivate(this.constructor, Process);
    return start;
  }

  /** The instance as the parent made it, without running the subclass's constructor again. For child.ts. */
  static [HERE](
    subclass: Named | undefined,
    target: Target | undefined,
    args: readonly unknown[],
    state: object,
  ): Process {
    const { name, daemon } = self();
    const options = { name, daemon, args, ...(target === undefined ? {} : { target }), [HERE]: true };
    const instance = Reflect.construct(Process, [options], subclass ?? Process) as Process;
    return Object.assign(instance, state);
  }
}

/** Makes, in a child, the object that stands for it. */
export const processHere = Process[HERE];
