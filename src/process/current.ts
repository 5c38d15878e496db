/**
 * The process this code runs in, whichever it is: {@link currentProcess} in a child is what its parent started, in the
 * program a person started it is `main`. Same questions, same answers as Python's `multiprocessing.current_process()`.
 */

import { procPath } from "../os/platform.ts";
import { nowMs, sinceMs } from "../recording/clock.ts";
import type { Happening, LaneEvent } from "../recording/event.ts";
import type { Timeline } from "../recording/recording.ts";
import type { ChildFrame } from "./frames.ts";
import { currentDepth } from "./reexec.ts";

/** Events wait this long in the child at most, so that a thousand a second cost a few writes and not a thousand. */
const BATCH_MS = 16;

/** A child's end of the wire; see frames.ts. */
export interface Wire {
  send(frame: ChildFrame): void;
  receive(): Promise<unknown>;
}

export class CurrentProcess {
  #batch: LaneEvent[] = [];
  #sentMs = 0;
  readonly #originMs: number;

  constructor(
    /** `P1`, or what the parent called it; `main` in the program a person started. */
    readonly name: string,
    readonly wire: Wire | null,
    originMs: number,
    /** Somebody records what happens here. Where nobody does, nothing is sent. */
    readonly recorded = true,
  ) {
    this.#originMs = originMs;
  }

  get pid(): number {
    return process.pid;
  }

  /** The parent's pid as the kernel says it now: it changes when the parent has died. */
  get ppid(): number {
    return process.ppid;
  }

  /** Generations of processes above this one that are lanes: 0 in the one a person started. */
  get depth(): number {
    return currentDepth();
  }

  /** Records something that happens now in this process, on this process's lane. */
  emit(happening: Happening): void {
    if (this.wire === null || !this.recorded) return; // to ask the kernel for the parent's pid costs more than most happenings
    this.forward({ ...happening, t: sinceMs(this.#originMs), lane: this.name, pid: this.pid, ppid: this.ppid });
  }

  /** Passes on an event of a process below this one. */
  forward(event: LaneEvent): void {
    if (this.wire === null || !this.recorded) return;
    this.#batch.push(event);
    if (nowMs() - this.#sentMs >= BATCH_MS) this.flush();
    else if (this.#batch.length === 1) setTimeout(() => this.flush(), BATCH_MS).unref();
  }

  /** Sends what was recorded at once. Call it before anything that may never return. */
  flush(): void {
    if (this.#batch.length === 0) return;
    const events = this.#batch;
    this.#batch = [];
    this.#sentMs = nowMs();
    this.wire?.send({ kind: "events", events });
  }

  /** The moment of `t` = 0, by nowMs of the clock. */
  get originMs(): number {
    return this.#originMs;
  }

  /** The timeline a process started here records on: it goes up through this one. */
  get timeline(): Timeline {
    return { originMs: this.#originMs, sink: (event) => this.forward(event) };
  }

  /** Sends the parent a value; it arrives in the order of sending. @throws DataCloneError for what cannot be cloned. */
  send(value: unknown): void {
    this.flush();
    this.wire?.send({ kind: "message", value });
  }

  /** The next value the parent sends. Rejects when there is no parent any more. */
  async receive(): Promise<unknown> {
    this.flush();
    if (this.wire === null) throw new Error("the main process has no parent to receive from");
    return this.wire.receive();
  }
}

let current: CurrentProcess | undefined;

/** Called once, by the worker's start: from now on this process is what its parent started. */
export function becomeProcess(process: CurrentProcess): void {
  current = process;
}

/** The process this code runs in. */
export function currentProcess(): CurrentProcess {
  current ??= new CurrentProcess("main", null, nowMs());
  return current;
}

/** This process's peak resident memory so far in KiB, or null where the kernel does not tell (`VmHWM`, proc(5)). */
export async function peakRssKb(): Promise<number | null> {
  try {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(await Bun.file(procPath("self/status")).text());
    return line === null ? null : Number(line[1]);
  } catch {
    return null; // no /proc: not Linux
  }
}
