/** What a trace comes to: counted while it goes on, in bounded memory. */

import { usableCores } from "../os/cores.ts";
import { toThousandth } from "../os/units.ts";
import { hasFailed } from "../recording/event.ts";
import type {
  FailedProcess,
  Reason,
  SampledBecause,
  TracedWait,
  TraceResult,
} from "../recording/results/trace-result.ts";
import { CriticalPath } from "./critical-path.ts";
import type { Processes } from "./processes.ts";
import { ProcessorLoad } from "./processor-load.ts";
import type { Traced, TracedSpan, TraceEvent, TraceWatcher } from "./traced.ts";
import { verdictOf } from "./verdict.ts";

/** Failed processes that are told one by one; reasons of waits that are kept apart. */
const [FAILED, WAITS] = [1_000, 2_000];

/** How the command ended, and how it was watched. */
export interface TraceEnding {
  readonly command: readonly string[];
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly wallMs: number;
  readonly sampledBecause: SampledBecause | null;
  readonly unprivileged: readonly string[];
}

export class Facts implements TraceWatcher {
  readonly #load = new ProcessorLoad();
  readonly #path = new CriticalPath();
  readonly #failed: FailedProcess[] = [];
  #failures = 0;
  #zombies = 0;
  #orphans = 0;
  #live = 0;
  #mostLive = 0;
  #mostThreads = 0;
  readonly #threads = new Map<Traced, number>();
  #threadsNow = 0;
  /** Processes that run or could, and since when; how long there was one. */
  #able = 0;
  #ableSinceMs = 0;
  #ableMs = 0;
  readonly #waited: Partial<Record<Reason, number>> = {};
  readonly #waits = new Map<string, TracedWait & { readonly pid: number; ms: number }>();

  onEvent(event: TraceEvent, process: Traced, was: TracedSpan): void {
    this.#path.onEvent(event, process);
    if (was.state === "waits" && was.waits !== undefined && process.toldMs > was.fromMs && changes(event))
      this.#addWait(process.pid, was.waits, process.toldMs - was.fromMs);
    const before = event.type === "spawn" ? false : isAble(was.state);
    if (changes(event)) this.#countAble(Number(isAble(process.state)) - Number(before), event.t);
    switch (event.type) {
      case "spawn":
        this.#mostLive = Math.max(this.#mostLive, ++this.#live);
        break;
      case "zombie":
        this.#zombies++;
        break;
      case "adopted":
        this.#orphans++;
        break;
      case "exit":
        this.#live--;
        if (hasFailed(process)) this.#addFailure(process);
    }
    this.#countThreads(process);
  }

  onThreads(process: Traced): void {
    this.#countThreads(process);
  }

  onProcessor(process: Traced, fromMs: number, toMs: number, cpuMs: number): void {
    this.#load.onProcessor(process, fromMs, toMs, cpuMs);
    this.#countThreads(process);
  }

  /** It is over. */
  summary(processes: Processes, ending: TraceEnding): TraceResult {
    const { wallMs } = ending;
    const left = [...processes.live.values()].filter(({ state }) => state !== "zombie");
    for (const process of left) {
      if (process.state === "waits" && process.waits !== undefined)
        this.#addWait(process.pid, process.waits, Math.max(0, wallMs - process.sinceMs));
    }
    const { idleShare, serialShare } = this.#load.finish(wallMs);
    this.#countAble(0, wallMs);
    const starvedShare = Math.min(idleShare, Math.max(0, this.#ableMs / Math.max(wallMs, 1e-3) - (1 - idleShare)));
    const { cpuMs } = this.#load;
    const longest = [...this.#waits.values()].filter(({ why }) => why !== "child").sort((a, b) => b.ms - a.ms)[0];
    const facts = {
      v: 1,
      command: ending.command,
      exitCode: ending.exitCode,
      signal: ending.signal,
      wallMs: toThousandth(wallMs),
      cpuMs: toThousandth(cpuMs),
      cores: usableCores(),
      processes: processes.count,
      mostAtOnce: this.#mostLive,
      mostThreads: this.#mostThreads,
      meanCoresBusy: toThousandth(cpuMs / Math.max(wallMs, 1e-3)),
      mostCoresBusy: toThousandth(Math.min(usableCores(), this.#load.mostCores)),
      serialShare: toThousandth(serialShare),
      idleShare: toThousandth(idleShare),
      starvedShare: toThousandth(starvedShare),
      failed: this.#failed,
      failures: this.#failures,
      zombies: this.#zombies,
      orphans: this.#orphans,
      left: left.length,
      sampled: ending.sampledBecause !== null,
      sampledBecause: ending.sampledBecause,
      unprivileged: ending.unprivileged,
      waitedMs: Object.fromEntries(Object.entries(this.#waited).map(([why, ms]) => [why, toThousandth(ms)])),
      longestWait: longest === undefined ? null : { ...longest, ms: toThousandth(longest.ms) },
      criticalPath: this.#path
        .stretches(wallMs)
        .map((stretch) => ({ ...stretch, startMs: toThousandth(stretch.startMs), endMs: toThousandth(stretch.endMs) })),
    } as const;
    return { ...facts, verdict: verdictOf(facts) };
  }

  #addFailure({ pid, command, code, signal }: Traced): void {
    this.#failures++;
    if (this.#failed.length < FAILED) this.#failed.push({ pid, command, exitCode: code, signal });
  }

  #addWait(pid: number, waits: TracedWait, ms: number): void {
    const { why, on, by } = waits;
    this.#waited[why] = (this.#waited[why] ?? 0) + ms;
    const key = `${pid} ${why} ${on} ${by}`;
    const known = this.#waits.get(key);
    if (known !== undefined) known.ms += ms;
    else if (this.#waits.size < WAITS) this.#waits.set(key, { ...waits, pid, ms });
  }

  #countAble(change: number, t: number): void {
    if (this.#able > 0) this.#ableMs += Math.max(0, t - this.#ableSinceMs);
    this.#ableSinceMs = Math.max(t, this.#ableSinceMs);
    this.#able += change;
  }

  /** One that has ended has none, whatever is still heard of it: that it stays, that it is collected. */
  #countThreads(process: Traced): void {
    const threads = process.endMs === undefined ? process.threads : 0;
    this.#threadsNow += threads - (this.#threads.get(process) ?? 0);
    if (threads === 0) this.#threads.delete(process);
    else this.#threads.set(process, threads);
    this.#mostThreads = Math.max(this.#mostThreads, this.#threadsNow);
  }
}

const isAble = (state: Traced["state"]) => state === "runs" || state === "starts";

/** Whether the process does something else from this event on. */
const changes = ({ type }: TraceEvent) => type !== "adopted" && type !== "zombie" && type !== "reaped";
