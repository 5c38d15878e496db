/**
 * A trace, from the side of the person's lanes: starts the tracer and the command, takes what the tracer tells, looks at the
 * processes now and then, and knows when the command has ended.
 *
 * Always true: whatever fails here, the command runs as it would alone. Where nothing may be traced, and if the tracer dies, the
 * processes are found by looking into /proc instead.
 */
import { endOf, type Spawn, spawnCommand } from "../os/exec/posix-spawn.ts";
import { procText } from "../os/process/proc-of.ts";
import { nowMs, sinceMs } from "../recording/clock.ts";
import type { SampledBecause } from "../recording/results/trace-result.ts";
import { Pace } from "./pace.ts";
import { isPrivileged, mayTraceAll } from "./privileges.ts";
import { Processes } from "./processes.ts";
import { Received } from "./received.ts";
import { Sampler } from "./sampler.ts";
import { signalName, type TraceWatcher } from "./traced.ts";
import { TracerProcess } from "./tracer-process.ts";

/** How the command ended. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: number | null;
}

export interface TraceStart {
  readonly command: Spawn;
  readonly sample: boolean;
  readonly watchers: readonly TraceWatcher[];
}

export class TraceSession {
  readonly processes: Processes;
  readonly pid: number;
  readonly #originMs: number;
  /** How much earlier the tracer's own origin is. */
  readonly #aheadMs: number;
  readonly #tracer: TracerProcess | undefined;
  #sampler: Sampler;
  #sampledBecause: SampledBecause | null;
  readonly #pace = new Pace();
  readonly #ended = Promise.withResolvers<ExitStatus>();
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onChild = () => this.#wake();

  private constructor(
    start: TraceStart,
    { pid, originMs }: { readonly pid: number; readonly originMs: number },
    tracer: TracerProcess | undefined,
    because: SampledBecause | null,
  ) {
    this.processes = new Processes(start.watchers);
    this.pid = pid;
    this.#originMs = originMs;
    this.#received = new Received(pid, () => this.nowMs);
    this.#aheadMs = originMs - (tracer?.originMs ?? originMs);
    this.#tracer = tracer;
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
    const tracer = because === null ? await TracerProcess.start(warmUp) : undefined;
    if (tracer === undefined) warmUp();
    if (because === null && tracer === undefined) because = isTraced() ? "traced" : "refused";
    const originMs = nowMs();
    const spawned = spawnCommand(start.command);
    if ("errno" in spawned) {
      tracer?.kill();
      return spawned;
    }
    const session = new TraceSession(start, { ...spawned, originMs }, tracer, because);
    void tracer?.exited.then(() => session.#tracerEnded());
    return session;
  }

  /** Ms since the command was started. */
  get nowMs(): number {
    return sinceMs(this.#originMs);
  }

  /** Resolves when the command has ended, and all that was seen of it is taken. */
  get ended(): Promise<ExitStatus> {
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
    this.#tracer?.take((record) => {
      const t = record.t - this.#aheadMs;
      if (record.is === "signal") this.#received.add(record.signal, t);
      this.processes.take({ ...record, t: Math.max(0, t) });
    });
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
    this.#tracer?.close();
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

/** Looks once at a process that sleeps, so that the looks at the command are not the first: these cost ten times the others. */
function warmUp(): void {
  const processes = new Processes([]);
  processes.begin(process.ppid, 0, 0);
  new Sampler(processes, () => 0, true).look();
}

/** Somebody traces this process already: nobody else can. */
const isTraced = () => /^TracerPid:\s+[1-9]/m.test(procText("self/status"));

/** Why a command is better not traced; null if nothing speaks against it. */
function untraceable(path: string): SampledBecause | null {
  if (isTraced()) return "traced";
  return !mayTraceAll() && isPrivileged(path) ? "setuid" : null;
}
