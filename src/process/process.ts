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
 * child what to run over a socket pair (frames.ts), and from then on only listens.
 *
 * Always true: a child that was started is in {@link liveProcesses} until its exit has been collected and its last word
 * read; `join()` after that answers at once; a child never outlives this process (reexec.ts: dieWithParent).
 */
import type { Socket } from "node:net";
import { nowMs, sinceMs } from "../timeline/clock.ts";
import type { Happening } from "../timeline/event.ts";
import type { Timeline } from "../timeline/recording.ts";
import { buildId } from "../version.ts";
import { currentProcess } from "./current.ts";
import { cloneError, RemoteError, replacedError, silentError, spawnError } from "./errors.ts";
import { type ChildFrame, encodeFrame, FrameReader, type StartFrame, WIRE_FD } from "./frames.ts";
import { selfCommand, selfEnvironment } from "./reexec.ts";
import { nameOfProcess, nameOfTarget, targetNamed } from "./registry.ts";
import { WORKER_SENTINEL } from "./sentinels.ts";

/** How long a process that was asked to end (TERM) has before it is killed, ms. */
export const GRACE_MS = 500;

export interface ProcessOptions {
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

const live = new Set<Process>();
let started = 0;

/** The processes that were started here and have not ended. */
export function liveProcesses(): readonly Process[] {
  return [...live];
}

/**
 * Resolves when what had been sent before is read: a turn of the event loop that brings nothing. For a wire whose end does
 * not come with the child's.
 */
async function drained(socket: Socket): Promise<void> {
  for (let before = -1; before !== socket.bytesRead; ) {
    before = socket.bytesRead;
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
  }
}

/** Whether the promise resolves within so many ms. */
async function within(ms: number, promise: Promise<void>): Promise<boolean> {
  const timer = Promise.withResolvers<false>();
  const id = setTimeout(() => timer.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), timer.promise]);
  } finally {
    clearTimeout(id);
  }
}

type Child = Bun.Subprocess<"ignore", 2, "inherit">;

export class Process {
  readonly name: string;
  readonly #target: string | null;
  readonly #args: readonly unknown[];
  readonly #timeline: Timeline;
  readonly #orphan: boolean;
  /** In the child that runs it, `this.pid` is its own pid: there is no #child there. */
  #child: Child | null = null;
  #socket: Socket | null = null;
  #ready: Extract<ChildFrame, { kind: "ready" }> | null = null;
  #last: Extract<ChildFrame, { kind: "done" | "error" }> | null = null;
  #error: Error | null = null;
  #ended: Promise<void> | null = null;
  readonly #closed = Promise.withResolvers<void>();
  readonly #inherited = Promise.withResolvers<void>();
  #inbox: unknown[] = [];
  #receivers: PromiseWithResolvers<unknown>[] = [];
  /** It was told to end here: that it did is no error. */
  #asked = false;
  #spawnedMs = 0;
  #endedMs: number | null = null;

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
    const env = selfEnvironment(!this.#orphan);
    // An orphan gets this process's own wire too: its parent's parent goes on hearing it when this process is gone.
    const wires = this.#upperWire ? [WIRE_FD] : [];
    if (this.#upperWire) currentProcess().wire?.send({ kind: "inherited" });
    this.#spawnedMs = nowMs();
    let child: Child;
    try {
      child = Bun.spawn(selfCommand(WORKER_SENTINEL), { env, stdio: ["ignore", 2, "inherit", "socket-fd", ...wires] });
    } catch (error) {
      throw spawnError(this.name, error);
    }
    this.#child = child;
    live.add(this);
    this.#emit({ type: "spawn", name: this.name });
    this.#ended = this.#listen(child, frame);
    return this;
  }

  /**
   * Waits until the child has ended and everything it sent has arrived.
   * @param options.timeout ms; for ever by default.
   * @returns whether it has ended.
   */
  async join(options: { timeout?: number } = {}): Promise<boolean> {
    if (this.#ended === null) throw new Error(`${this.name} was not started`);
    if (options.timeout === undefined) {
      await this.#ended;
      return true;
    }
    return within(options.timeout, this.#ended);
  }

  /** Asks it to end (SIGTERM). */
  terminate(): void {
    this.#signal("SIGTERM");
  }

  /** Ends it at once (SIGKILL). */
  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    this.#asked = true;
    this.#child?.kill(signal);
  }

  /**
   * Ends it: SIGTERM, after `graceMs` SIGKILL; then hangs up on the orphans it left. Resolves when it has ended, and
   * they too or `graceMs` have passed; also if it was never started.
   */
  async stop(graceMs = GRACE_MS): Promise<void> {
    if (this.#ended === null) return;
    if (this.isAlive) {
      this.terminate();
      if (!(await this.join({ timeout: graceMs }))) this.kill();
      await this.join();
    }
    this.#socket?.end();
    await within(graceMs, this.#closed.promise);
  }

  /** Sends the child a value; it receives it with `currentProcess().receive()`. @throws LanesError `error.clone`. */
  send(value: unknown): void {
    this.#socket?.write(this.#encode({ kind: "message", value }, { message: value }));
  }

  /** The next value the child sends. Rejects when it has ended and sent no more. */
  receive(): Promise<unknown> {
    if (this.#inbox.length > 0) return Promise.resolve(this.#inbox.shift());
    const receiver = Promise.withResolvers<unknown>();
    if (this.#endedMs !== null) receiver.reject(this.#silence());
    else this.#receivers.push(receiver);
    return receiver.promise;
  }

  /** Null before it is started. In the child itself: its own. */
  get pid(): number | null {
    return this.#child?.pid ?? (this.#isSelf ? process.pid : null);
  }

  /** The parent's pid as the child itself reported it when it began; null before that. */
  get ppid(): number | null {
    return this.#ready?.ppid ?? (this.#isSelf ? process.ppid : null);
  }

  /** Null while it runs, and if a signal ended it. */
  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** The signal that ended it, by name. */
  get signal(): string | null {
    return this.#child?.signalCode?.toString() ?? null;
  }

  get isAlive(): boolean {
    return this.#child !== null && this.#endedMs === null;
  }

  /** What its run() returned; undefined before it has ended well. */
  get result(): unknown {
    return this.#last?.kind === "done" ? this.#last.result : undefined;
  }

  /** What its run() threw, with the child's stack; or why it never ran. Null if it ended well, or by a signal. */
  get error(): Error | null {
    return this.#error;
  }

  /** When it was spawned, ran its first line, and had ended: ms of the timeline; null for what has not happened. */
  get times(): { startMs: number; readyMs: number | null; endMs: number | null } {
    const since = (atMs: number | null | undefined) =>
      atMs === null || atMs === undefined ? null : Math.round((atMs - this.#timeline.originMs) * 1e3) / 1e3;
    return { startMs: since(this.#spawnedMs) ?? 0, readyMs: since(this.#ready?.atMs), endMs: since(this.#endedMs) };
  }

  /** What it used; null before it has ended. */
  get usage(): ResourceUsage | null {
    const usage = this.#endedMs === null ? undefined : this.#child?.resourceUsage();
    if (usage === undefined) return null;
    // After vfork and exec the kernel counts the parent's pages into the child's rusage; its own VmHWM does not.
    return {
      cpuMs: Number(usage.cpuTime.total) / 1e3,
      maxRssKb: this.#last?.peakRssKb ?? Math.round(usage.maxRSS / 1024),
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
      orphan: this.#orphan,
      upperWire: this.#upperWire,
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

  async #listen(child: Child, start: Buffer): Promise<void> {
    // Loaded here and not at the top: a child loads this module too, and does not need it.
    const { connect } = process.getBuiltinModule("node:net");
    const socket = connect({ fd: child.stdio[3] as number } as never);
    const reader = new FrameReader<ChildFrame>();
    socket.on("data", (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) this.#take(frame);
    });
    socket.on("error", () => {}); // a child that ends while it is written to: its exit tells more
    socket.on("close", () => {
      this.#socket = null;
      this.#closed.resolve();
    });
    socket.write(start);
    this.#socket = socket;
    await child.exited;
    await Promise.race([this.#closed.promise, this.#inherited.promise.then(() => drained(socket))]);
    this.#endedMs = nowMs();
    live.delete(this);
    // Ended before its first line, and not because it was asked to here.
    if (this.#ready === null && !this.#asked) this.#error ??= this.#silence();
    this.#emit({ type: "exit", code: this.exitCode, signal: this.signal });
    for (const receiver of this.#receivers.splice(0)) receiver.reject(this.#silence());
  }

  #take(frame: ChildFrame): void {
    switch (frame.kind) {
      case "ready":
        if (frame.build !== buildId) {
          this.#error = replacedError(this.name, frame.build);
          this.kill();
        } else this.#ready = frame;
        break;
      case "events":
        for (const event of frame.events) this.#timeline.sink(event);
        break;
      case "message": {
        const receiver = this.#receivers.shift();
        if (receiver) receiver.resolve(frame.value);
        else this.#inbox.push(frame.value);
        break;
      }
      case "inherited":
        this.#inherited.resolve();
        break;
      case "done":
        this.#last = frame;
        break;
      case "error":
        this.#last = frame;
        this.#error = new RemoteError(this.name, frame.error);
    }
  }

  #silence(): Error {
    if (this.#error !== null) return this.#error;
    return silentError(this.name, this.pid ?? 0, this.signal, this.exitCode);
  }

  #emit(happening: Happening): void {
    const stamp = { t: sinceMs(this.#timeline.originMs), lane: this.name, pid: this.pid ?? 0, ppid: process.pid };
    this.#timeline.sink({ ...happening, ...stamp });
  }
}
