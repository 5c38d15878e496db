/**
 * The child's side: what main.ts runs when it finds the worker sentinel. Reads the one frame that says what to do, says
 * it is ready, runs it, sends what came of it. Nothing is loaded before that frame but what this needs.
 */
import { NO_ORPHANS_VARIABLE } from "../os/bun.ts";
import { nowMs } from "../recording/clock.ts";
import { buildId } from "../version.ts";
import { becomeProcess, CurrentProcess, peakRssKb, type Wire } from "./current.ts";
import { errorData } from "./errors.ts";
import {
  type ChildFrame,
  encodeFrame,
  FrameReader,
  type ParentFrame,
  type StartFrame,
  UPPER_WIRE_FD,
  WIRE_FD,
} from "./frames.ts";
import { Mailbox } from "./mailbox.ts";
import { Process } from "./process.ts";
import { processNamed, targetNamed } from "./registry.ts";
import { writeWire } from "./write.ts";

/** Imports the module of a target, `module#name`, so that it is in the registry. */
export type LoadModule = (module: string) => Promise<unknown>;

/** Runs what the parent asks for; resolves to this process's exit code. */
export async function runWorker(load: LoadModule): Promise<number> {
  const chunks = chunksOf(WIRE_FD);
  const reader = new FrameReader<ParentFrame>();
  const [start, ...early] = await firstFrames(chunks, reader);
  if (start?.kind !== "start") return 1; // the parent was gone before it said anything
  const wire = new ChildWire(start.upperWire ? UPPER_WIRE_FD : null, chunks, reader, early);
  const self = begin(start, wire);
  if (self === null) return 1;
  try {
    await load(start.target.split("#", 1)[0] ?? "");
    const result = await (start.orphan ? Promise.race([runTarget(start), wire.unheard()]) : runTarget(start));
    self.flush();
    wire.send({ kind: "done", result, peakRssKb: await peakRssKb() });
    return Number(process.exitCode ?? 0); // as Python's sys.exit(): a target may say how it ended
  } catch (error) {
    self.flush();
    wire.send({ kind: "error", error: errorData(error), peakRssKb: await peakRssKb() });
    return 1;
  }
}

/** Becomes the process that the parent has started, and says so; null if there is nothing to do: the parent is gone, or another build. */
export function begin(start: StartFrame, wire: Wire): CurrentProcess | null {
  // Killed before the kernel knew that this process was to end with it: nobody else will tell.
  if (!start.orphan && process.ppid !== start.parentPid) return null;
  // This process was told so once; what it starts decides for itself.
  delete process.env[NO_ORPHANS_VARIABLE];
  const self = new CurrentProcess(start.name, wire, start.originMs, start.recorded);
  becomeProcess(self);
  wire.send({ kind: "ready", pid: process.pid, ppid: process.ppid, build: buildId, atMs: nowMs() });
  if (start.build !== buildId) return null;
  self.emit({ type: "ready" });
  self.flush();
  return self;
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

type Chunks = AsyncIterator<Uint8Array>;

/** What comes on a descriptor; nothing is read before it is asked for. */
const chunksOf = (fd: number): Chunks => Bun.file(fd).stream()[Symbol.asyncIterator]();

/** The frames up to the first chunk with which one is whole; none if the stream has ended. */
async function firstFrames(chunks: Chunks, reader: FrameReader<ParentFrame>): Promise<ParentFrame[]> {
  const { done, value } = await chunks.next();
  if (done) return [];
  const frames = reader.push(value);
  return frames.length > 0 ? frames : firstFrames(chunks, reader);
}

/** Sends with blocking writes; starts to read only when someone wants to receive. */
class ChildWire implements Wire {
  readonly #inbox = new Mailbox();
  #reading: Promise<void> | null = null;

  constructor(
    readonly upperFd: typeof UPPER_WIRE_FD | null,
    readonly chunks: Chunks,
    readonly reader: FrameReader<ParentFrame>,
    early: readonly ParentFrame[],
  ) {
    this.#put(early);
  }

  send(frame: ChildFrame): void {
    writeWire(frame.kind === "events" ? (this.upperFd ?? WIRE_FD) : WIRE_FD, encodeFrame(frame));
  }

  receive(): Promise<unknown> {
    void this.#read();
    return this.#inbox.take();
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
    await this.#readFrom(this.chunks, this.reader);
    // Only now: as long as the parent lives, what comes on the upper wire is meant for the parent.
    if (this.upperFd !== null) await this.#readFrom(chunksOf(this.upperFd), new FrameReader());
    this.#inbox.close(new Error("the parent process is gone"));
  }

  async #readFrom(chunks: Chunks, reader: FrameReader<ParentFrame>): Promise<void> {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      this.#put(reader.push(next.value));
    }
  }

  #put(frames: readonly ParentFrame[]): void {
    for (const frame of frames) if (frame.kind === "message") this.#inbox.put(frame.value);
  }
}
