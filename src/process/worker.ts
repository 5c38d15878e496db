/**
 * The child's side: what main.ts runs when it finds the worker sentinel. Reads the one frame that says what to do, says
 * it is ready, runs it, sends what came of it. Nothing is loaded before that frame but what this needs.
 */
import { readSync } from "node:fs";
import { LanesError } from "../errors.ts";
import { nowMs } from "../timeline/clock.ts";
import { buildId } from "../version.ts";
import { becomeProcess, CurrentProcess, type Wire } from "./current.ts";
import { errorData } from "./errors.ts";
import {
  type ChildFrame,
  encodeFrame,
  FrameReader,
  type ParentFrame,
  type StartFrame,
  UPPER_WIRE_FD,
  WIRE_FD,
  writeAll,
} from "./frames.ts";
import { Process } from "./process.ts";
import { processNamed, targetNamed } from "./registry.ts";

/** Imports the module of a target, `module#name`, so that it is in the registry. */
export type LoadModule = (module: string) => Promise<unknown>;

/** Runs what the parent asks for; resolves to this process's exit code. */
export async function runWorker(load: LoadModule): Promise<number> {
  const frames = new FrameReader<ParentFrame>();
  const first = readFirst(frames);
  if (first === null) return 1; // the parent was gone before it said anything
  const { start, rest } = first;
  // This process was told so once; what it starts decides for itself.
  delete process.env.BUN_FEATURE_FLAG_NO_ORPHANS;
  const wire = new ChildWire(start.upperWire ? UPPER_WIRE_FD : null, frames, rest);
  const self = new CurrentProcess(start.name, wire, start.originMs);
  becomeProcess(self);
  wire.send({ kind: "ready", pid: process.pid, ppid: process.ppid, build: buildId, atMs: nowMs() });
  if (start.build !== buildId) return 1;
  self.emit({ type: "ready" });
  self.flush();
  try {
    await load(start.target.split("#", 1)[0] ?? "");
    const result = await (start.orphan ? Promise.race([runTarget(start), wire.unheard()]) : runTarget(start));
    self.flush();
    wire.send({ kind: "done", result, peakRssKb: self.peakRssKb });
    return 0;
  } catch (error) {
    self.flush();
    wire.send({ kind: "error", error: errorData(error), peakRssKb: self.peakRssKb });
    return 1;
  }
}

function runTarget(start: StartFrame): unknown {
  if (start.target === "") return undefined;
  if (start.style === "function") return (targetNamed(start.target) as (...args: unknown[]) => unknown)(...start.args);
  // The instance as the parent made it, without running the subclass's constructor again: a Process with the
  // subclass's methods, and the parent's state put back.
  const instance = Reflect.construct(Process, [{ name: start.name }], processNamed(start.target)) as Process;
  Object.assign(instance, start.state);
  return instance.run();
}

/** Reads until the start frame is whole. The descriptor blocks: nothing else is to be done before. */
function readFirst(reader: FrameReader<ParentFrame>): { start: StartFrame; rest: ParentFrame[] } | null {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (;;) {
    const n = readSync(WIRE_FD, buffer);
    if (n === 0) return null;
    const [start, ...rest] = reader.push(Buffer.from(buffer.subarray(0, n)));
    if (start === undefined) continue;
    if (start.kind !== "start") throw new LanesError("error.target.unknown", { target: start.kind });
    return { start, rest };
  }
}

/** Sends with blocking writes; starts to read only when someone wants to receive. */
class ChildWire implements Wire {
  readonly #inbox: unknown[];
  readonly #receivers: PromiseWithResolvers<unknown>[] = [];
  #reading: Promise<void> | null = null;
  #ended = false;

  constructor(
    readonly upperFd: typeof UPPER_WIRE_FD | null,
    readonly reader: FrameReader<ParentFrame>,
    early: readonly ParentFrame[],
  ) {
    this.#inbox = early.flatMap((frame) => (frame.kind === "message" ? [frame.value] : []));
  }

  send(frame: ChildFrame): void {
    try {
      writeAll(frame.kind === "events" ? (this.upperFd ?? WIRE_FD) : WIRE_FD, encodeFrame(frame));
    } catch (error) {
      if ((error as { code?: string }).code !== "EPIPE") throw error; // the parent is gone: nobody is left to tell
    }
  }

  receive(): Promise<unknown> {
    if (this.#inbox.length > 0) return Promise.resolve(this.#inbox.shift());
    const receiver = Promise.withResolvers<unknown>();
    if (this.#ended) receiver.reject(new Error("the parent process is gone"));
    else this.#receivers.push(receiver);
    void this.#read();
    return receiver.promise;
  }

  /** Rejects when the parent is gone, and the process above it too if this one has a wire to it. */
  async unheard(): Promise<never> {
    await this.#read();
    throw new Error("the parent process is gone");
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readToEnd();
    return this.#reading;
  }

  async #readToEnd(): Promise<void> {
    await this.#readFrom(WIRE_FD, this.reader);
    // Only now: as long as the parent lives, what comes on the upper wire is meant for the parent.
    if (this.upperFd !== null) await this.#readFrom(this.upperFd, new FrameReader());
    this.#ended = true;
    for (const receiver of this.#receivers.splice(0)) receiver.reject(new Error("the parent process is gone"));
  }

  async #readFrom(fd: number, reader: FrameReader<ParentFrame>): Promise<void> {
    for await (const chunk of Bun.file(fd).stream()) {
      for (const frame of reader.push(chunk)) {
        if (frame.kind !== "message") continue;
        const receiver = this.#receivers.shift();
        if (receiver) receiver.resolve(frame.value);
        else this.#inbox.push(frame.value);
      }
    }
  }
}
