/**
 * The tracer: a process of lanes' own that follows a command and all it starts, and tells what it sees through its stdout.
 *
 *     lanes ── starts ──► tracer           1. the tracer seizes lanes' main thread, asking for the next vfork only
 *     lanes ── posix_spawn ──► command     2. so the command is traced from its first instruction on; lanes is let go
 *     tracer: waitid … tell … go on        3. until the command has ended
 *
 * The command is lanes' own child, as it would be without a tracer: its parent pid, its group, its terminal and its exit code
 * are what they always are. The tracer is in a session of its own, so no key and no signal of the terminal stops it; and it
 * dies with lanes. Whenever it ends, however that happens, the kernel lets all go on untraced.
 *
 * Always true: its only thread that counts does nothing but wait for tracees, and every tracee that stands still is told to
 * go on before the next is waited for; signals are handed on, and what a signal or a terminal stops stays stopped.
 */

import { writeSync } from "node:fs";
import { ExitCode } from "../errors.ts";
import { procPath } from "../os/platform.ts";
import { hasThread, procArguments, procThread } from "../os/process/proc-of.ts";
import { processorMs } from "../os/process/processor-time.ts";
import { toThousandth } from "../os/units.ts";
import { sinceMs } from "../recording/clock.ts";
import { isPrivileged, mayTraceAll } from "./privileges.ts";
import { Event, FOLLOW, FOLLOW_SPAWN, Ptrace, SIGTRAP, type TraceeStatus } from "./ptrace.ts";
import { READY, REFUSED, recordLine, type TraceRecord } from "./records.ts";

/** The records are written when there is nothing else to do, and at the latest when there are so many characters. */
const PIECE = 1 << 14;
/** SIGTSTP, SIGTTIN, SIGTTOU: what a terminal stops with. */
const stops: ReadonlySet<number> = new Set([20, 21, 22]);
/** No more of a command line is told, characters. */
const COMMAND = 4096;

/** Traces the command that its parent starts next. @param origin the moment of t = 0, ms since the epoch. */
export function runTracer(origin: number): number {
  const ptrace = new Ptrace();
  const refused = ptrace.seize(process.ppid, FOLLOW_SPAWN);
  if (refused !== 0) {
    writeSync(1, `${REFUSED} ${refused}\n`);
    return ExitCode.ok;
  }
  writeSync(1, `${READY}\n`);
  new Tracer(ptrace, origin, process.ppid).run();
  return ExitCode.ok;
}

class Tracer {
  readonly #ptrace: Ptrace;
  readonly #originMs: number;
  readonly #lanes: number;
  /** Whoever is traced by this process keeps the rights that its file gives. */
  readonly #all = mayTraceAll();
  /** The process of each thread that is followed, itself among them. */
  readonly #processes = new Map<number, number>();
  readonly #threads = new Map<number, number>();
  /** Of those who were heard of before their creator told: they may have ended by then. */
  readonly #ahead = new Set<number>();
  readonly #stopped = new Set<number>();
  #root = 0;
  #executed = false;
  #early = 0;
  #told = "";

  constructor(ptrace: Ptrace, originMs: number, lanes: number) {
    this.#ptrace = ptrace;
    this.#originMs = originMs;
    this.#lanes = lanes;
  }

  /** Follows the command until it has ended; what it leaves running goes on untraced. */
  run(): void {
    for (;;) {
      let change = this.#ptrace.next(false);
      if (change === null) {
        this.#flush();
        change = this.#ptrace.next(true);
      }
      if (change === null) continue;
      if (change === "none") break;
      if (change.tid === this.#lanes) this.#ofLanes(change);
      else if (change.is === "stopped") this.#onStop(change);
      else if (this.#onEnd(change)) break;
    }
    this.#flush();
  }

  /** lanes itself is traced until it has started the command. */
  #ofLanes(change: TraceeStatus): void {
    if (change.is !== "stopped") {
      this.#ptrace.collect(change.tid);
      return;
    }
    const { tid, signal, event } = change;
    if (event === Event.vfork) {
      const root = this.#ptrace.message(tid);
      if (this.#root === 0) this.#begin(root, this.#lanes);
      this.#ptrace.detach(tid);
    } else if (event === Event.stop && signal !== SIGTRAP) this.#ptrace.listen(tid);
    else this.#ptrace.goOn(tid, event === 0 ? signal : 0);
  }

  #onStop({ tid, signal, event }: Extract<TraceeStatus, { is: "stopped" }>): void {
    if (!this.#processes.has(tid)) this.#meet(tid);
    switch (event) {
      case 0:
        this.#onSignal(tid, signal);
        return;
      case Event.stop:
        this.#onGroupStop(tid, signal);
        return;
      case Event.fork:
      case Event.vfork:
      case Event.clone:
        this.#onNew(tid, this.#ptrace.message(tid), event === Event.clone);
        break;
      case Event.exec:
        this.#onExec(tid, this.#ptrace.message(tid));
        break;
    }
    this.#ptrace.goOn(tid);
  }

  /**
   * Until the command has executed, lanes waits for it in vfork(2) where nothing stops lanes: a Ctrl-Z that reached the command
   * then would leave both in the foreground, the one stopped, the other asleep. It is kept for a moment.
   */
  #onSignal(tid: number, signal: number): void {
    const early = tid === this.#root && !this.#executed && stops.has(signal);
    if (early) this.#early = signal;
    else if (this.#processes.get(tid) === this.#root) {
      this.#tell({ is: "signal", t: this.#now(), pid: this.#root, signal });
      this.#flush(); // before the command goes on with it: lanes may be wondering whether it has it (received.ts)
    }
    this.#ptrace.goOn(tid, early ? 0 : signal);
  }

  /** A stop of the whole process, or the end of one, or a thread's first moment. */
  #onGroupStop(tid: number, signal: number): void {
    const pid = this.#processes.get(tid) ?? tid;
    if (tid === this.#root) this.#ptrace.setOptions(tid, FOLLOW);
    if (signal === SIGTRAP) {
      if (this.#stopped.delete(pid)) this.#tell({ is: "continued", t: this.#now(), pid });
      this.#ptrace.goOn(tid);
      return;
    }
    if (!this.#stopped.has(pid)) {
      this.#stopped.add(pid);
      this.#tell({ is: "stopped", t: this.#now(), pid, signal });
    }
    this.#ptrace.listen(tid);
  }

  #onNew(creator: number, tid: number, maybeThread: boolean): void {
    if (this.#ahead.delete(tid) || this.#processes.has(tid)) return;
    const pid = this.#processes.get(creator) ?? creator;
    if (maybeThread && hasThread(pid, tid)) this.#addThread(tid, pid);
    else this.#begin(tid, pid);
  }

  /** A process or thread whose first stop comes before its creator's: the kernel knows whose it is. */
  #meet(tid: number): void {
    this.#ahead.add(tid);
    const { pid, ppid } = procThread(tid);
    if (pid !== 0 && pid !== tid) this.#addThread(tid, pid);
    else this.#begin(tid, ppid);
  }

  #begin(pid: number, ppid: number): void {
    if (this.#root === 0) this.#root = pid;
    this.#processes.set(pid, pid);
    this.#threads.set(pid, 1);
    this.#tell({ is: "new", t: this.#now(), pid, ppid });
  }

  #addThread(tid: number, pid: number): void {
    this.#processes.set(tid, pid);
    this.#countThreads(pid, 1);
  }

  #countThreads(pid: number, change: number): void {
    const threads = (this.#threads.get(pid) ?? 1) + change;
    this.#threads.set(pid, threads);
    this.#tell({ is: "threads", t: this.#now(), pid, threads });
  }

  /** Whichever thread executed is the process now; of its other threads nothing more is heard. */
  #onExec(pid: number, before: number): void {
    if (before !== pid) this.#processes.delete(before);
    if ((this.#threads.get(pid) ?? 1) > 1) {
      for (const [tid, of] of this.#processes) if (of === pid && tid !== pid) this.#processes.delete(tid);
      this.#threads.set(pid, 1);
      this.#tell({ is: "threads", t: this.#now(), pid, threads: 1 });
    }
    if (pid === this.#root && !this.#executed) {
      this.#executed = true;
      if (this.#early !== 0) process.kill(pid, this.#early);
    }
    this.#tell({ is: "exec", t: this.#now(), pid, argv: shortened(procArguments(pid)) });
    if (!this.#all && isPrivileged(procPath(`${pid}/exe`))) this.#tell({ is: "unprivileged", t: this.#now(), pid });
  }

  /** @returns whether it was the command. */
  #onEnd({ tid, is, status }: Exclude<TraceeStatus, { is: "stopped" }>): boolean {
    const pid = this.#processes.get(tid) ?? tid;
    this.#processes.delete(tid);
    if (tid !== pid) {
      this.#ptrace.collect(tid);
      this.#countThreads(pid, -1);
      return false;
    }
    const ended = is === "exited" ? { code: status, signal: null } : { code: null, signal: status };
    const cpuMs = toThousandth(processorMs(pid));
    this.#tell({ is: "end", t: this.#now(), pid, ...ended, cpuMs });
    this.#threads.delete(pid);
    this.#stopped.delete(pid);
    if (pid === this.#root) this.#flush(); // before lanes hears of it
    this.#ptrace.collect(pid);
    return pid === this.#root;
  }

  #now(): number {
    return sinceMs(this.#originMs);
  }

  #tell(record: TraceRecord): void {
    this.#told += recordLine(record);
    if (this.#told.length >= PIECE) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.from(this.#told);
    this.#told = "";
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
  }
}

/** As much of a command line as anybody will read. */
function shortened(argv: readonly string[]): string[] {
  let room = COMMAND;
  const kept: string[] = [];
  for (const word of argv) {
    if (room <= 0) break;
    kept.push(word.slice(0, room));
    room -= word.length + 1;
  }
  return kept;
}
