/**
 * The tracer, from the side of who starts it: a process of its own (tracer.ts), ready to follow what is started next, and a pipe
 * on which it tells what it sees, a record a line.
 */
import { readSync } from "node:fs";
import { closePipe, openPipe, type Pipe } from "../os/files/pipe.ts";
import { libcFunctions } from "../os/libc.ts";
import { selfCommand, selfEnvironment } from "../process/reexec.ts";
import { TRACER_SENTINEL } from "../process/sentinels.ts";
import { nowMs } from "../recording/clock.ts";
import { READY, REFUSED, readRecord, type TraceRecord } from "./records.ts";

/** What the tracer may be ahead of us, bytes: some twenty thousand records. */
const PIPE_BYTES = 1 << 20;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
/** The tracer starts in a few hundredths of a second; where it has not after so many ms, it is done without. */
const PATIENCE_MS = 5_000;

export class TracerProcess {
  readonly #child: Bun.Subprocess;
  readonly #pipe: Pipe;
  readonly #chunk = Buffer.allocUnsafe(1 << 16);
  /** The beginning of a line whose end has not come. */
  #rest: Buffer[] = [];

  private constructor(
    child: Bun.Subprocess,
    pipe: Pipe,
    /** The moment of t = 0 in its records. */
    readonly originMs: number,
  ) {
    this.#child = child;
    this.#pipe = pipe;
  }

  /** Starts it. @param meanwhile what there is to do until it is ready. @returns undefined where it may not trace. */
  static async start(meanwhile: () => void): Promise<TracerProcess | undefined> {
    const originMs = nowMs();
    const pipe = openPipe(PIPE_BYTES);
    if (pipe === null) return undefined;
    const child = Bun.spawn(selfCommand(TRACER_SENTINEL, String(originMs)), {
      stdio: ["ignore", pipe.write, "ignore"],
      env: selfEnvironment(true),
      detached: true,
    });
    nonBlocking(pipe.read);
    meanwhile();
    const line = await firstLine(pipe.read, child);
    if (line === READY) return new TracerProcess(child, pipe, originMs);
    child.kill("SIGKILL");
    await child.exited;
    closePipe(pipe);
    return undefined;
  }

  get exited(): Promise<number> {
    return this.#child.exited;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Takes what it has told so far. */
  take(each: (record: TraceRecord) => void): void {
    const chunk = this.#chunk;
    for (;;) {
      const got = readNow(this.#pipe.read, chunk);
      if (got <= 0) return; // nothing there yet, or never again
      const end = chunk.lastIndexOf(10, got - 1);
      if (end < 0) {
        this.#rest.push(Buffer.from(chunk.subarray(0, got)));
        continue;
      }
      const text = Buffer.concat([...this.#rest, chunk.subarray(0, end)]).toString();
      this.#rest = [Buffer.from(chunk.subarray(end + 1, got))];
      for (const line of text.split("\n")) each(readRecord(line));
    }
  }

  /** Nothing more is taken. */
  close(): void {
    closePipe(this.#pipe);
  }
}

/** READY, or anything else: it never says more before the command is there. */
async function firstLine(fd: number, child: Bun.Subprocess): Promise<string> {
  const bytes = Buffer.alloc(64);
  const until = performance.now() + PATIENCE_MS;
  for (let length = 0; performance.now() < until; ) {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    try {
      length += readSync(fd, bytes, length, bytes.length - length, null);
    } catch {
      // nothing there yet
    }
    const text = bytes.toString("latin1", 0, length);
    if (text.endsWith("\n")) return text.trim();
    if (isOver) break;
    await Bun.sleep(1);
  }
  return REFUSED;
}

const open = () =>
  libcFunctions({
    fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
    read: { args: ["i32", "ptr", "u64"], returns: "i64" },
  });
let c: ReturnType<typeof open> | undefined;
const libc = () => {
  c ??= open();
  return c;
};

function nonBlocking(fd: number): void {
  libc().fcntl(fd, F_SETFL, O_NONBLOCK);
}

/** read(2): what is there now, -1 if nothing is. Not by node:fs, for which nothing would be an error, which is slow. */
const readNow = (fd: number, into: Buffer): number => Number(libc().read(fd, into, into.length));
