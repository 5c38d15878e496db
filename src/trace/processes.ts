/**
 * The processes of a trace: what is known of each, folded from the tracer's records and from looks into /proc. Whoever wants to
 * know (the stream, the lanes, the facts) is told of every change as an event, and of a process's end with all that is known.
 *
 * Always true: every process has a lane of its own, P1 the command, in the order in which they were seen, although the kernel
 * uses pids again; only processes that live, and zombies, are kept.
 */
import { toThousandth } from "../os/units.ts";
import type { Happening } from "../recording/event.ts";
import type { TracedWait } from "../recording/results/trace-result.ts";
import type { TracedState } from "../recording/trace-lanes.ts";
import type { TraceRecord } from "./records.ts";
import { signalName, spanOf, type Traced, type TracedSpan, type TraceEvent, type TraceWatcher } from "./traced.ts";

type TraceHappening = Happening<"trace">;
/** How many of them are told. */
const UNPRIVILEGED = 20;
/** How long a process that does not change runs before it is said again, ms: with the processor time it has had. */
const STILL_MS = 250;

export class Processes {
  readonly #live = new Map<number, Traced>();
  readonly #watchers: readonly TraceWatcher[];
  #count = 0;
  root: Traced | undefined;
  /** What was executed that would have had more rights, were it not traced: to be told, because it changes what it does. */
  readonly unprivileged: string[] = [];

  constructor(watchers: readonly TraceWatcher[]) {
    this.#watchers = watchers;
  }

  /** Those that live, and zombies. */
  get live(): ReadonlyMap<number, Traced> {
    return this.#live;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** What the tracer says. */
  take(record: TraceRecord): void {
    const { t, pid } = record;
    if (record.is === "signal") return;
    if (record.is === "new") return void this.begin(pid, record.ppid, t);
    const process = this.#live.get(pid);
    if (process === undefined || process.state === "zombie") return;
    switch (record.is) {
      case "exec":
        this.execute(process, record.argv.join(" "), t);
        return;
      case "threads":
        this.counts(process, record.threads);
        for (const watcher of this.#watchers) watcher.onThreads?.(process);
        return;
      case "unprivileged":
        if (this.unprivileged.length < UNPRIVILEGED) this.unprivileged.push(process.command);
        return;
      case "stopped":
        this.#to(process, "stopped", undefined, { type: "stopped", signal: signalName(record.signal) }, t);
        return;
      case "continued":
        this.#to(process, "runs", undefined, { type: "continued" }, t);
        return;
      case "end": {
        const signal = record.signal === null ? null : signalName(record.signal);
        this.end(process, { code: record.code, signal, cpuMs: record.cpuMs }, t);
        return;
      }
    }
  }

  /** There is a new process. One of the same pid must be gone: its parent has collected it, and we had not noticed. */
  begin(pid: number, ppid: number, t: number): Traced {
    const old = this.#live.get(pid);
    if (old !== undefined) this.gone(old, t);
    const parent = this.#live.get(ppid);
    const number = ++this.#count;
    const process: Traced = {
      lane: `P${number}`,
      number,
      pid,
      ppid,
      parent,
      parentLane: parent?.lane ?? "",
      generation: parent === undefined ? (this.root === undefined ? 0 : 1) : parent.generation + 1,
      command: parent?.command ?? "",
      executed: false,
      startMs: t,
      endMs: undefined,
      code: null,
      signal: null,
      cpuMs: 0,
      lookedMs: t,
      threads: 1,
      mostThreads: 1,
      state: "starts",
      waits: undefined,
      sinceMs: t,
      toldMs: t,
      orphan: false,
      stood: false,
    };
    this.root ??= process;
    this.#live.set(pid, process);
    this.#emit(process, { type: "spawn" }, t, { state: "starts", waits: undefined, fromMs: t });
    return process;
  }

  execute(process: Traced, command: string, t: number): void {
    process.command = command;
    process.executed = true;
    this.#to(process, "runs", undefined, { type: "exec", command }, t);
  }

  runs(process: Traced, t: number): void {
    if (process.state !== "runs" || t - process.toldMs >= STILL_MS)
      this.#to(process, "runs", undefined, { type: "run" }, t);
  }

  waits(process: Traced, waits: TracedWait, t: number): void {
    const { why, on, by } = waits;
    const now = process.waits;
    if (process.state === "waits" && now?.why === why && now.on === on && now.by === by) return;
    const event: TraceHappening = by === 0 ? { type: "wait", why, on } : { type: "wait", why, on, by };
    this.#to(process, "waits", waits, event, t);
  }

  /** A stop that was seen, not told. */
  stops(process: Traced, t: number): void {
    if (process.state !== "stopped") this.#to(process, "stopped", undefined, { type: "stopped", signal: "SIGSTOP" }, t);
  }

  /** How much processor time it has had in all, as of now; `sinceMs`: the last look. */
  used(process: Traced, cpuMs: number, sinceMs: number, t: number): void {
    const more = cpuMs - process.cpuMs;
    process.lookedMs = t;
    if (more <= 0) return;
    process.cpuMs = cpuMs;
    for (const watcher of this.#watchers) watcher.onProcessor?.(process, sinceMs, t, more);
  }

  /** How many threads it has now. */
  counts(process: Traced, threads: number): void {
    process.threads = threads;
    process.mostThreads = Math.max(process.mostThreads, threads);
  }

  adopt(process: Traced, after: number, t: number): void {
    const before = process.ppid;
    process.ppid = after;
    process.orphan = true;
    this.#emit(process, { type: "adopted", before, after }, t, spanOf(process));
  }

  /** It has ended; it stays until its parent has collected it. */
  end(
    process: Traced,
    how: { readonly code: number | null; readonly signal: string | null; readonly cpuMs: number },
    t: number,
  ): void {
    const { code, signal, cpuMs } = how;
    if (cpuMs >= 0) this.used(process, cpuMs, process.lookedMs, t);
    for (const child of this.#live.values()) if (child.parent === process) child.parent = undefined;
    process.endMs = t;
    process.code = code;
    process.signal = signal;
    const { mostThreads: threads } = process;
    this.#to(process, "zombie", undefined, { type: "exit", code, signal, threads }, t);
  }

  /** A zombie that is still there after a while. */
  stays(process: Traced, t: number): void {
    process.stood = true;
    this.#emit(process, { type: "zombie" }, t, spanOf(process));
  }

  /** Its parent has collected it. */
  gone(process: Traced, t: number): void {
    if (this.#live.get(process.pid) === process) this.#live.delete(process.pid);
    if (process.stood) this.#emit(process, { type: "reaped" }, t, spanOf(process));
  }

  #to(process: Traced, state: TracedState, waits: TracedWait | undefined, event: TraceHappening, t: number): void {
    const was = spanOf(process);
    const now = Math.max(t, process.toldMs);
    if (state !== was.state || waits !== undefined) process.sinceMs = now;
    process.state = state;
    process.waits = waits;
    process.toldMs = now;
    const cpuMs = toThousandth(process.cpuMs);
    this.#emit(process, { ...event, cpuMs } as TraceHappening, now, was);
  }

  #emit(process: Traced, happening: TraceHappening, t: number, was: TracedSpan): void {
    const { lane, pid, ppid } = process;
    const event: TraceEvent = { ...happening, t, lane, pid, ppid };
    for (const watcher of this.#watchers) watcher.onEvent?.(event, process, was);
  }
}
