/**
 * A process and its life, in the two styles of Python's `multiprocessing.Process`:
 *
 *     const child = new Process({ target: greet, args: ["Ada"] }).start();   // greet: from defineTarget
 *     await child.join();
 *
 *     const Counter = defineProcess("demo#Counter", class extends Process { n = 1; override run() { … this.n … } });
 *     const child = new Counter().start();      // n travels to the child; what the child makes of it stays there
 *
 * Both meet in `run()`: a plain Process's runs its target. `start()` re-executes this program (reexec.ts), tells the
 * child what to run over a socket pair (frames.ts), and from then on only listens (child.ts).
 *
 * Always true: a child that was started is in {@link liveProcesses} until its exit has been collected and its last word
 * read; `join()` after that answers at once; a child never outlives this process (reexec.ts: dieWithParent).
 */
import { toThousandth } from "../os/units.ts";
import type { Timeline } from "../recording/recording.ts";
import { buildId } from "../version.ts";
import { Child } from "./child.ts";
import { currentProcess } from "./current.ts";
import { cloneError } from "./errors.ts";
import { encodeFrame, type StartFrame } from "./frames.ts";
import { allLive, GRACE_MS, nowLive } from "./live.ts";
import { nameOfProcess, nameOfTarget, targetNamed } from "./registry.ts";
import { within } from "./within.ts";

interface ProcessOptions {
  /** What the child runs: a function given to defineTarget. */
  readonly target?: (...args: never[]) => unknown;
  /** Its arguments: anything structured clone takes. */
  readonly args?: readonly unknown[];
  /** Its name and lane; `P1`, `P2` … by default. */
  readonly name?: string;
  /** Where what happens to it is recorded; by default the current process's. */
  readonly timeline?: Timeline;
  /**
   * `true`: it may outlive this process. It records on this process's own wire, so that the process above this one goes
   * on hearing it, and ends when nobody above hears it any more (the kernel does not see to that: it must not compute
   * without a pause). A process that starts orphans has to be one: any other takes all it started with it when it ends.
   */
  readonly orphan?: boolean;
}

/** CPU time and memory of a process that has ended. */
export interface ResourceUsage {
  /** User and system time, ms. */
  readonly cpuMs: number;
  /** Peak resident memory, KiB. */
  readonly maxRssKb: number;
}

let started = 0;

/** The processes that were started here and have not ended. */
export function liveProcesses(): readonly Process[] {
  return allLive().filter((each) => each instanceof Process);
}

export class Process {
  readonly name: string;
  readonly #target: string | null;
  readonly #args: readonly unknown[];
  readonly #timeline: Timeline;
  readonly #orphan: boolean;
  /** Null before it is started, and in the child itself. */
  #child: Child | null = null;

  constructor(options: ProcessOptions = {}) {
    this.name = options.name ?? `P${started + 1}`;
    started += 1;
    this.#target = options.target === undefined ? null : nameOfTarget(options.target);
    this.#args = options.args ?? [];
    this.#timeline = options.timeline ?? currentProcess().timeline;
    this.#orphan = options.orphan ?? false;
  }

  /** What the child does. A subclass overrides it; a plain Process runs its target with its arguments. */
  run(): unknown {
    if (this.#target === null) return undefined;
    return (targetNamed(this.#target) as (...args: unknown[]) => unknown)(...this.#args);
  }

  /**
   * Starts the child; returns as soon as the system has created it.
   * @throws LanesError `error.clone` if the arguments or the state cannot be sent (nothing is spawned), `error.depth`,
   *   or `error.spawn.*` if the system refuses.
   */
  start(): this {
    if (this.#child !== null) throw new Error(`${this.name} was already started`);
    const frame = this.#startFrame();
    // An orphan gets this process's own wire too: its parent's parent goes on hearing it when this process is gone.
    if (this.#upperWire) currentProcess().wire?.send({ kind: "inherited" });
    const { name } = this;
    const child = new Child(
      { name, timeline: this.#timeline, dieWithParent: !this.#orphan, upperWire: this.#upperWire },
      frame,
    );
    this.#child = child;
    nowLive(this, child.ended);
    return this;
  }

  /**
   * Waits until the child has ended and everything it sent has arrived.
   * @param options.timeout ms; for ever by default.
   * @returns whether it has ended.
   */
  async join(options: { timeout?: number } = {}): Promise<boolean> {
    if (this.#child === null) throw new Error(`${this.name} was not started`);
    const { ended } = this.#child;
    if (options.timeout !== undefined) return within(options.timeout, ended);
    await ended;
    return true;
  }

  /** Asks it to end (SIGTERM). */
  terminate(): void {
    this.#child?.kill("SIGTERM");
  }

  /** Ends it at once (SIGKILL). */
  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  /**
   * Ends it: SIGTERM, after `graceMs` SIGKILL; then hangs up on the orphans it left. Resolves when it has ended, and
   * they too or `graceMs` have passed; also if it was never started.
   */
  async stop(graceMs = GRACE_MS): Promise<void> {
    if (this.#child === null) return;
    if (this.isAlive) {
      this.terminate();
      if (!(await this.join({ timeout: graceMs }))) this.kill();
      await this.join();
    }
    await within(graceMs, this.#child.hangUp());
  }

  /** Sends the child a value; it receives it with `currentProcess().receive()`. @throws LanesError `error.clone`. */
  send(value: unknown): void {
    this.#child?.send(this.#encode({ kind: "message", value }, { message: value }));
  }

  /** The next value the child sends. Rejects when it has ended and sent no more. */
  async receive(): Promise<unknown> {
    if (this.#child === null) throw new Error(`${this.name} was not started`);
    return this.#child.inbox.take();
  }

  /** Null before it is started. In the child itself: its own. */
  get pid(): number | null {
    return this.#child?.pid ?? (this.#isSelf ? process.pid : null);
  }

  /** The parent's pid as the child itself reported it when it began; null before that. */
  get ppid(): number | null {
    return this.#child?.ready?.ppid ?? (this.#isSelf ? process.ppid : null);
  }

  /** Null while it runs, and if a signal ended it. */
  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** The signal that ended it, by name. */
  get signal(): string | null {
    return this.#child?.signal ?? null;
  }

  get isAlive(): boolean {
    return this.#child !== null && this.#child.endedMs === null;
  }

  /** What its run() returned; undefined before it has ended well. */
  get result(): unknown {
    const last = this.#child?.last;
    return last?.kind === "done" ? last.result : undefined;
  }

  /** What its run() threw, with the child's stack; or why it never ran. Null if it ended well, or by a signal. */
  get error(): Error | null {
    return this.#child?.error ?? null;
  }

  /** When it was spawned, ran its first line, and had ended: ms of the timeline; null for what has not happened. */
  get times(): { startMs: number; readyMs: number | null; endMs: number | null } {
    const since = (atMs: number | null | undefined) =>
      atMs === null || atMs === undefined ? null : toThousandth(atMs - this.#timeline.originMs);
    const child = this.#child;
    return { startMs: since(child?.spawnedMs) ?? 0, readyMs: since(child?.ready?.atMs), endMs: since(child?.endedMs) };
  }

  /** What it used; null before it has ended. */
  get usage(): ResourceUsage | null {
    const usage = this.#child?.usage;
    if (usage === undefined) return null;
    // After vfork and exec the kernel counts the parent's pages into the child's rusage; its own VmHWM does not.
    return {
      cpuMs: Number(usage.cpuTime.total) / 1e3,
      maxRssKb: this.#child?.last?.peakRssKb ?? Math.round(usage.maxRSS / 1024),
    };
  }

  get #isSelf(): boolean {
    return this.#child === null && currentProcess().name === this.name && currentProcess().wire !== null;
  }

  /** An orphan's second wire is this process's own, if it has one. */
  get #upperWire(): boolean {
    return this.#orphan && currentProcess().wire !== null;
  }

  #startFrame(): Buffer {
    const subclass = this.constructor !== Process;
    const frame: StartFrame = {
      kind: "start",
      build: buildId,
      style: subclass ? "subclass" : "function",
      target: subclass ? nameOfProcess(this.constructor) : (this.#target ?? ""),
      args: this.#args,
      state: subclass ? Object.fromEntries(Object.entries(this)) : {},
      name: this.name,
      originMs: this.#timeline.originMs,
      parentPid: process.pid,
      orphan: this.#orphan,
      upperWire: this.#upperWire,
      recorded: true,
    };
    return this.#encode(frame, subclass ? { this: frame.state } : { args: frame.args });
  }

  #encode(frame: StartFrame | { kind: "message"; value: unknown }, parts: Record<string, unknown>): Buffer {
    try {
      return encodeFrame(frame);
    } catch (error) {
      throw cloneError(this.name, parts, error);
    }
  }
}
