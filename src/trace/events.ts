/** What a trace tells, as data: the lines of `lanes trace --jsonl`, and the document of `--json`. */
import type { Stamp } from "../recording/event.ts";

/** What a process waits for; `other` where the kernel does not say. */
export const reasons = [
  "child",
  "lock",
  "semaphore",
  "pipe",
  "socket",
  "terminal",
  "futex",
  "time",
  "disk",
  "signal",
  "events",
  "other",
] as const;
export type Reason = (typeof reasons)[number];

/** Why a process sleeps, and whom it waits for, as far as the kernel tells. */
export interface Waiting {
  readonly why: Reason;
  /** The file, the pipe, the signal …; empty if there is nothing to say. */
  readonly on: string;
  /** The process that could end the wait: the child, the lock's holder, the other end; 0 if that is not known. */
  readonly by: number;
}

/** What happened to a traced process. */
export type TraceHappening =
  | { readonly type: "spawn" }
  | { readonly type: "exec"; readonly command: string }
  | { readonly type: "run" }
  | { readonly type: "wait"; readonly why: Reason; readonly on: string; readonly by?: number }
  | { readonly type: "stopped"; readonly signal: string }
  | { readonly type: "continued" }
  | { readonly type: "zombie" }
  | { readonly type: "adopted"; readonly before: number; readonly after: number }
  | {
      readonly type: "exit";
      /** Both null: it was gone before anybody could ask. */
      readonly code: number | null;
      readonly signal: string | null;
      readonly cpuMs: number | null;
      /** The most threads it had at once. */
      readonly threads: number;
    };

export type TraceEvent = Stamp & TraceHappening;

/** A process that failed. */
export interface FailedProcess {
  readonly pid: number;
  readonly command: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A stretch of time in which this process was what everything else waited for. */
export interface CriticalStretch {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What a trace came to: the document of `--json`. Times in ms. */
export interface TraceSummary {
  readonly v: 1;
  readonly command: readonly string[];
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly wallMs: number;
  /** Of all processes. */
  readonly cpuMs: number;
  readonly cores: number;
  readonly processes: number;
  readonly mostAtOnce: number;
  /** The most threads at once, of all processes together. */
  readonly mostThreads: number;
  readonly meanCoresBusy: number;
  readonly mostCoresBusy: number;
  /** Which part of the time exactly one process ran, and which part none did; 0 to 1. */
  readonly serialShare: number;
  readonly idleShare: number;
  /** The first of them; `failures` is how many there were. */
  readonly failed: readonly FailedProcess[];
  readonly failures: number;
  /** Processes that stood as zombies for longer than 0.1 s. */
  readonly zombies: number;
  /** Processes that outlived their parent. */
  readonly orphans: number;
  /** Processes that still ran when the command had ended. */
  readonly left: number;
  /** Nothing was traced, /proc was looked at now and then: shorter processes can be missing. */
  readonly sampled: boolean;
  /** Why it was only sampled; null if it was not. */
  readonly sampledBecause: string | null;
  /** How long processes waited for what, ms; several at once count as often. */
  readonly waitedMs: Readonly<Partial<Record<Reason, number>>>;
  /** The wait that came to most in all, but for those for children. */
  readonly longestWait: (Waiting & { readonly pid: number; readonly ms: number }) | null;
  readonly criticalPath: readonly CriticalStretch[];
  /** Why it was not faster: a key of the message catalog, and its values. */
  readonly verdict: { readonly because: string; readonly values: Readonly<Record<string, string | number>> };
}
