/**
 * A trace, from the side of the person's lanes: starts the tracer and the command, takes what the tracer tells, looks at the
 * processes now and then, and knows when the command has ended.
 *
 * Always true: whatever fails here, the command runs as it would alone. Where nothing may be traced, and if the tracer dies, the
 * processes are found by looking into /proc instead.
 */
import { readSync } from "node:fs";
import { endOf, type Spawn, spawnCommand } from "../os/exec/posix-spawn.ts";
import { closePipe, openPipe, type Pipe } from "../os/files/pipe.ts";
import { libcFunctions } from "../os/libc.ts";
import { procText } from "../os/process/proc-of.ts";
import { selfCommand, selfEnvironment } from "../process/reexec.ts";
import { TRACER_SENTINEL } from "../process/sentinels.ts";
import { nowMs, sinceMs } from "../recording/clock.ts";
import type { SampledBecause } from "../recording/results/trace-result.ts";
import { Pace } from "./pace.ts";
import { isPrivileged, mayTraceAll } from "./privileges.ts";
import { Processes } from "./processes.ts";
import { Received } from "./received.ts";
import { READY, REFUSED, readRecord } from "./records.ts";
import { Sampler } from "./sampler.ts";
import { signalName, type Watcher } from "./traced.ts";

/** What the tracer may be ahead of us, bytes: some twenty thousand records. */
const PIPE_BYTES = 1 << 20;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
/** The tracer starts in a few hundredths of a second; where it has not after so many ms, it is done without. */
const PATIENCE_MS = 5_000;

/** How the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: number | null;
}

export interface TraceStart {
  readonly command: Spawn;
  readonly sample: boolean;
  readonly watchers: readonly Watcher[];
}

export class TraceSession {
  readonly processes: Processes;
  readonly pid: number;
  readonly #originMs: number;
  /** How much earlier the tracer's own origin is. */
  readonly #aheadMs: number;
  readonly #pipe: Pipe | undefined;
  #sampler: Sampler;
  #sampledBecause: SampledBecause | null;
  readonly #pace = new Pace();
  readonly #chunk = Buffer.allocUnsafe(1 << 16);
  #rest: Buffer[] = [];
  readonly #ended = Promise.withResolvers<Ended>();
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onChild = () => this.#wake();

  private constructor(
    start: TraceStart,
    { pid, originMs }: { readonly pid: number; readonly originMs: number },
    tracer: Tracer | undefined,
    because: SampledBecause | null,
  ) {
    this.processes = new Processes(start.watchers);
    this.pid = pid;
    this.#originMs = originMs;
    this.#received = new Received(pid, () => this.nowMs);
    this.#aheadMs = originMs - (tracer?.originMs ?? originMs);
    this.#pipe = tracer?.pipe;
    this.#sampledBecause = because;
    this.#sampler = new Sampler(this.processes, () => this.nowMs, because !== null);
    if (because !== null) {
      const root = this.processes.begin(pid, process.pid, this.nowMs);
      this.processes.execute(root, start.command.argv.join(" "), this.nowMs);
    }
    process.on("SIGCHLD", this.#onChild);
    this.#wake();
  }

  /** Starts the command, traced if that can be. @returns the error number of the system if it cannot be started. */
  static async start(start: TraceStart): Promise<TraceSession | { readonly errno: number }> {
    let because = start.sample ? "asked" : untraceable(start.command.path);
    const tracer = because === null ? await Tracer.start() : undefined;
    if (tracer === undefined) warmUp();
    if (because === null && tracer === undefined) because = isTraced() ? "traced" : "refused";
    const originMs = nowMs();
    const spawned = spawnCommand(start.command);
    if ("errno" in spawned) {
      tracer?.process.kill("SIGKILL");
      return spawned;
    }
    const session = new TraceSession(start, { ...spawned, originMs }, tracer, because);
    void tracer?.process.exited.then(() => session.#tracerEnded());
    return session;
  }

  /** Ms since the command was started. */
  get nowMs(): number {
    return sinceMs(this.#originMs);
  }

  /** Resolves when the command has ended, and all that was seen of it is taken. */
  get ended(): Promise<Ended> {
    return this.#ended.promise;
  }

  /** For whoever passes signals on: null while the command runs. */
  get exitCode(): number | null {
    return this.#over ? 0 : null;
  }
  readonly signalCode = null;
  /** By the command. */
  readonly #received: Received;

  /**
   * Whether the command has just got this signal, which has just reached this process: then it was sent to both. Waits until
   * the tracer has seen it, a moment at most. @returns undefined where nobody traces.
   */
  async saw(signal: number): Promise<boolean | undefined> {
    if (this.#sampledBecause !== null) return undefined;
    return this.#received.has(signal, () => this.#wake());
  }

  /** Sends the command a signal. */
  kill(signal: NodeJS.Signals): void {
    if (!this.#over) process.kill(this.pid, signal);
  }

  /** Null where every process was traced. */
  get sampledBecause(): SampledBecause | null {
    return this.#sampledBecause;
  }

  #wake(): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    const beganMs = performance.now();
    const status = endOf(this.pid);
    this.#drain();
    if (status !== null) {
      this.#finish(status);
      return;
    }
    this.#sampler.look();
    // By the clock, not by processor time: where cores are scarce, looking takes them from who is looked at.
    this.#timer = setTimeout(() => this.#wake(), this.#pace.afterLook(performance.now() - beganMs));
  }

  /** Takes what the tracer has told so far. */
  #drain(): void {
    if (this.#pipe === undefined) return;
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
      for (const line of text.split("\n")) {
        const record = readRecord(line);
        if (record.is === "signal") this.#received.add(record.signal, record.t - this.#aheadMs);
        this.processes.take({ ...record, t: Math.max(0, record.t - this.#aheadMs) });
      }
    }
  }

  #tracerEnded(): void {
    this.#wake();
    if (this.#over) return;
    this.#sampledBecause ??= "tracer";
    this.#sampler = new Sampler(this.processes, () => this.nowMs, true);
  }

  #finish(status: number): void {
    this.#over = true;
    process.off("SIGCHLD", this.#onChild);
    if (this.#pipe !== undefined) closePipe(this.#pipe);
    const number = status & 0x7f;
    const ended = number === 0 ? { code: (status >> 8) & 0xff, signal: null } : { code: null, signal: number };
    const { root } = this.processes;
    if (root !== undefined && root.endMs === undefined) {
      const signal = ended.signal === null ? null : signalName(ended.signal);
      this.processes.end(root, { code: ended.code, signal, cpuMs: -1 }, this.nowMs);
    }
    if (this.#sampledBecause !== null) this.#sampler.look();
    for (const process of [...this.processes.live.values()])
      if (process.state === "zombie") this.processes.gone(process, this.nowMs);
    this.#ended.resolve(ended);
  }
}

/** The tracer, ready to follow what is started next. */
class Tracer {
  private constructor(
    readonly process: Bun.Subprocess,
    readonly pipe: Pipe,
    /** The moment of t = 0 in its records. */
    readonly originMs: number,
  ) {}

  /** Starts it. Undefined where it may not trace. */
  static async start(): Promise<Tracer | undefined> {
    const originMs = nowMs();
    const pipe = openPipe(PIPE_BYTES);
    if (pipe === null) return undefined;
    const child = Bun.spawn(selfCommand(TRACER_SENTINEL, String(originMs)), {
      stdio: ["ignore", pipe.write, "ignore"],
      env: selfEnvironment(true),
      detached: true,
    });
    nonBlocking(pipe.read);
    warmUp(); // while it starts
    const line = await firstLine(pipe.read, child);
    if (line === READY) return new Tracer(child, pipe, originMs);
    child.kill("SIGKILL");
    await child.exited;
    closePipe(pipe);
    return undefined;
  }
}

/** Looks once at a process that sleeps, so that the looks at the command are not the first: these cost ten times the others. */
function warmUp(): void {
  const processes = new Processes([]);
  processes.begin(process.ppid, 0, 0);
  new Sampler(processes, () => 0, true).look();
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

/** Somebody traces this process already: nobody else can. */
const isTraced = () => /^TracerPid:\s+[1-9]/m.test(procText("self/status"));

/** Why a command is better not traced; null if nothing speaks against it. */
function untraceable(path: string): SampledBecause | null {
  if (isTraced()) return "traced";
  return !mayTraceAll() && isPrivileged(path) ? "setuid" : null;
}
