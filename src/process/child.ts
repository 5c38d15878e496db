/**
 * A child as its parent has it: the operating-system process and the parent's end of its wire, from spawn to the moment
 * its exit is collected and its last word read. What it says goes to the timeline and the mailbox; process.ts asks.
 */
import { keepIgnored } from "../os/signals.ts";
import { nowMs, sinceMs } from "../recording/clock.ts";
import type { Happening } from "../recording/event.ts";
import type { Timeline } from "../recording/recording.ts";
import { buildId } from "../version.ts";
import { lostError, RemoteError, replacedError, silentError, spawnError } from "./errors.ts";
import { type ChildFrame, FrameReader, WIRE_FD } from "./frames.ts";
import { Mailbox } from "./mailbox.ts";
import { selfCommand, selfEnvironment } from "./reexec.ts";
import { WORKER_SENTINEL } from "./sentinels.ts";
import { ParentWire } from "./wire.ts";
import { forWords, passOn } from "./words.ts";

type FrameOf<K extends ChildFrame["kind"]> = Extract<ChildFrame, { kind: K }>;

export interface ChildOptions {
  /** Its name and lane. */
  readonly name: string;
  readonly timeline: Timeline;
  /** The kernel ends it when this process ends. */
  readonly dieWithParent: boolean;
  /** It gets this process's own wire too. */
  readonly upperWire: boolean;
  /** What it is to be; by default a process that runs a target (worker.ts). */
  readonly sentinel?: string;
  /** What else it gets from descriptor 4 on: ends of sockets, whose other ends are {@link Child.descriptor}; files. */
  readonly more?: readonly ("socket-fd" | number)[];
  /** Its stdin, stdout and stderr. By default it reads nothing, and what it writes goes to our stderr: it only demonstrates. */
  readonly stdio?: readonly [Bun.Spawn.Readable | Bun.Spawn.Writable, Bun.Spawn.Readable, Bun.Spawn.Readable];
}

export class Child {
  readonly spawnedMs = nowMs();
  readonly inbox = new Mailbox();
  /** Resolves when it has ended and everything it sent is here. */
  readonly ended: Promise<void>;
  ready: FrameOf<"ready"> | null = null;
  last: FrameOf<"done" | "error"> | null = null;
  /** What it threw, or why it never ran. */
  error: Error | null = null;
  /** When it had ended; null as long as it has not. */
  endedMs: number | null = null;
  readonly #process: Bun.Subprocess;
  readonly #wire: ParentWire;
  readonly #inherited = Promise.withResolvers<void>();
  /** It was told to end here: that it did is no error. */
  #asked = false;

  /** Spawns it and sends it `start`. @throws LanesError `error.spawn.*` if the system refuses, `error.depth`. */
  constructor(
    readonly options: ChildOptions,
    start: Buffer,
  ) {
    const env = selfEnvironment(options.dieWithParent);
    const wires = options.upperWire ? [WIRE_FD] : [];
    try {
      const command = keepIgnored(selfCommand(options.sentinel ?? WORKER_SENTINEL));
      const words = forWords();
      const [stdin, stdout, stderr] = options.stdio ?? ["ignore", words, words];
      const own = ["socket-fd", ...wires, ...(options.more ?? [])];
      const stdio = [stdin, stdout, stderr, ...own] as ["ignore", "pipe", "pipe", "socket-fd"];
      const child = Bun.spawn(command, { env, stdio });
      if (options.stdio === undefined) passOn(child.stdout, child.stderr);
      this.#process = child;
    } catch (error) {
      throw spawnError(options.name, error);
    }
    this.#emit({ type: "spawn", name: options.name });
    const reader = new FrameReader<ChildFrame>();
    this.#wire = new ParentWire(this.#process.stdio[3] as number, (bytes) => {
      for (const frame of reader.push(bytes)) this.#take(frame);
    });
    this.#wire.write(start);
    this.ended = this.#end();
  }

  get pid(): number {
    return this.#process.pid;
  }

  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  get signal(): string | null {
    return this.#process.signalCode?.toString() ?? null;
  }

  /** What the kernel accounted to it; undefined before it has ended. */
  get usage(): Bun.ResourceUsage | undefined {
    return this.endedMs === null ? undefined : this.#process.resourceUsage();
  }

  kill(signal: NodeJS.Signals): void {
    this.#asked = true;
    this.#process.kill(signal);
  }

  /** What it writes, where that was asked to be piped. */
  get output(): readonly [unknown, unknown] {
    return [this.#process.stdout, this.#process.stderr];
  }

  /** This process's end of what the child has as this descriptor. */
  descriptor(fd: number): number {
    return this.#process.stdio[fd] as number;
  }

  /** Whether this process goes on as long as the child does; it does by default. */
  keepAwake(awake: boolean): void {
    if (awake) this.#process.ref();
    else this.#process.unref();
    this.#wire.keepAwake(awake);
  }

  send(bytes: Buffer): void {
    this.#wire.write(bytes);
  }

  /** Hangs up; resolves when the orphans that had this wire from it have hung up too. */
  hangUp(): Promise<void> {
    this.#wire.end();
    return this.#wire.closed;
  }

  async #end(): Promise<void> {
    await this.#process.exited;
    await Promise.race([this.#wire.closed, this.#inherited.promise.then(() => drained(this.#wire))]);
    this.endedMs = nowMs();
    const { pid, signal, exitCode } = this;
    const { name } = this.options;
    const begun = this.ready !== null;
    const silence = begun ? lostError({ name, pid, signal, exitCode }) : silentError(name, pid, signal, exitCode);
    if (!begun && !this.#asked) this.error ??= silence;
    this.#emit({ type: "exit", code: this.exitCode, signal: this.signal });
    this.inbox.close(this.error ?? silence);
  }

  #take(frame: ChildFrame): void {
    switch (frame.kind) {
      case "ready":
        if (frame.build === buildId) this.ready = frame;
        else {
          this.error = replacedError(this.options.name, frame.build);
          this.kill("SIGKILL");
        }
        break;
      case "events":
        for (const event of frame.events) this.options.timeline.sink(event);
        break;
      case "message":
        this.inbox.put(frame.value);
        break;
      case "inherited":
        this.#inherited.resolve();
        break;
      case "done":
        this.last = frame;
        break;
      case "error":
        this.last = frame;
        this.error = new RemoteError(this.options.name, frame.error);
    }
  }

  #emit(happening: Happening): void {
    const { name, timeline } = this.options;
    timeline.sink({ ...happening, t: sinceMs(timeline.originMs), lane: name, pid: this.pid, ppid: process.pid });
  }
}

/**
 * Resolves when what had been sent before is read: a turn of the event loop that brings nothing. For a wire whose end does
 * not come with the child's, because an orphan has it too.
 */
async function drained(wire: ParentWire): Promise<void> {
  for (let before = -1; before !== wire.bytesRead; ) {
    before = wire.bytesRead;
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
  }
}
