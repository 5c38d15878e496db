/**
 * Looks at every process of a trace now and then: what it does, and if it sleeps, why. What the tracer tells is exact; this is
 * true of the moments of the looks, and between two looks it is taken that nothing has changed.
 *
 * A look must cost next to nothing: the processor time of a process is one system call without a file, and a process that slept
 * and has had none since sleeps still, for the same reason.
 */
import { procArguments, procChildren, procStat } from "../os/process/proc-of.ts";
import { processorMs } from "../os/process/processor-time.ts";
import { Holders } from "./holders.ts";
import type { Processes } from "./processes.ts";
import { signalName, type Traced } from "./traced.ts";
import { waitingOf } from "./waits.ts";

/** A zombie is one that stays for longer than this, ms: for a moment everybody is one. */
const ZOMBIE_MS = 100;
/** A process with several threads runs, whatever its first one does, if it had this part of the time since the last look. */
const BUSY = 0.3;
/** Whom a process waits for can change while it sleeps: asked again after this long, ms. */
const AGAIN_MS = 60;

export class Sampler {
  readonly #processes: Processes;
  readonly #holders: Holders;
  /** When it was last asked what each of them does, ms. */
  readonly #askedMs = new WeakMap<Traced, number>();
  readonly #discovers: boolean;
  /** Ms since the command was started. */
  readonly #now: () => number;
  /** @param discovers no tracer tells of new processes, of what they execute, and of their ends: look for these, too. */
  constructor(processes: Processes, now: () => number, discovers: boolean) {
    this.#processes = processes;
    this.#now = now;
    this.#holders = new Holders(processes.live);
    this.#discovers = discovers;
  }

  /** Looks at all of them, once everything the tracer told was taken. */
  look(): void {
    const now = this.#now();
    if (this.#discovers) for (const process of [...this.#processes.live.values()]) this.#discover(process, now);
    for (const process of [...this.#processes.live.values()]) {
      if (process.state === "zombie") this.#lookAtZombie(process, now);
      else this.#lookAt(process);
    }
  }

  #lookAt(process: Traced): void {
    const cpuMs = processorMs(process.pid);
    const now = this.#now(); // on a busy machine much later than the look began
    if (cpuMs < 0) {
      if (this.#discovers) this.#ended(process, null, now);
      return; // the tracer is about to say so
    }
    const { cpuMs: before, lookedMs: since } = process;
    this.#processes.used(process, cpuMs, since, now);
    if (process.parent === undefined && !process.orphan && process !== this.#processes.root)
      this.#adopted(process, now);
    const slept = cpuMs === before && (process.state === "waits" || process.state === "stopped");
    if (
      slept &&
      (now - (this.#askedMs.get(process) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS || process.waits?.why === "time")
    )
      return;
    this.#askedMs.set(process, now);
    const stat = procStat(process.pid);
    if (stat === null) return;
    if (this.#discovers) this.#processes.counts(process, stat.threads);
    const share = (cpuMs - before) / Math.max(now - since, 1e-3);
    switch (stat.state) {
      case "R":
        this.#processes.runs(process, now);
        return;
      case "S":
      case "D": {
        if (stat.threads > 1 && share > BUSY) {
          this.#processes.runs(process, now);
          return;
        }
        const waits = waitingOf(process, stat.state === "D", this.#holders, now);
        waits === "runs" ? this.#processes.runs(process, now) : this.#processes.waits(process, waits, now);
        return;
      }
      case "T":
        this.#processes.stops(process, now);
        return;
      case "Z":
        if (this.#discovers) this.#ended(process, stat.status, now);
    }
  }

  #lookAtZombie(process: Traced, now: number): void {
    const stat = procStat(process.pid);
    if (stat === null || stat.state !== "Z") {
      this.#processes.gone(process, now);
      return;
    }
    if (process.stood || now - (process.endMs ?? now) < ZOMBIE_MS) return;
    this.#processes.stays(process, now);
  }

  #adopted(process: Traced, now: number): void {
    const ppid = procStat(process.pid)?.ppid ?? process.ppid;
    if (ppid !== process.ppid) this.#processes.adopt(process, ppid, now);
  }

  #discover(process: Traced, now: number): void {
    if (process.state === "zombie") return;
    for (const pid of procChildren(process.pid)) {
      if (!this.#processes.live.has(pid)) this.#processes.begin(pid, process.pid, now);
    }
    const command = procArguments(process.pid).join(" ");
    if (command !== "" && command !== process.command) this.#processes.execute(process, command, now);
  }

  #ended(process: Traced, status: number | null, now: number): void {
    const signal = (status ?? 0) & 0x7f;
    const code = status === null || signal !== 0 ? null : (status >> 8) & 0xff;
    this.#processes.end(process, { code, signal: signal === 0 ? null : signalName(signal), cpuMs: -1 }, now);
    if (status === null) this.#processes.gone(process, now); // and the kernel has forgotten how
  }
}
