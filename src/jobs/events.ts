/** What happens in a run, as data: what `--jsonl` prints on stderr and what the views draw. Lanes are the slots, `P1` … */
import { nowMs, sinceMs } from "../recording/clock.ts";
import type { Stamp } from "../recording/event.ts";

/** A job as it is known in one run. */
export interface JobEnding {
  readonly seq: number;
  /** As a shell would read it. */
  readonly command: string;
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Which try it was, from 1. */
  readonly attempt: number;
  /** Ms. */
  readonly ms: number;
}

export type RunHappening =
  | { readonly type: "spawn"; readonly seq: number; readonly attempt: number; readonly command: string }
  /** `retry`: it failed, and will be tried again; `stopped`: this run ended it, and it does not count as run. */
  | ({ readonly type: "exit"; readonly retry: boolean; readonly stopped: boolean } & JobEnding)
  /** No more jobs are started, and why. */
  | { readonly type: "stop"; readonly reason: "halt" | "drain" | "signal" | "output" | "error" };

export type RunEvent = Stamp & RunHappening;
export type RunSink = (event: RunEvent) => void;

/**
 * What tells a sink what happens, stamped with when and where; nothing, and at no cost, if there is none.
 * @returns takes the slot (0: lanes itself) and its process.
 */
export function telling(sink: RunSink | null): (slot: number, pid: number, happening: () => RunHappening) => void {
  if (sink === null) return () => {};
  const originMs = nowMs();
  return (slot, pid, happening) => {
    const lane = slot === 0 ? "main" : `P${slot}`;
    const ppid = slot === 0 ? process.ppid : process.pid;
    const { type, ...rest } = happening();
    sink({ type, t: sinceMs(originMs), lane, pid, ppid, ...rest } as RunEvent);
  };
}

/** A failed job, for the report at the end. */
export interface Failure extends JobEnding {
  /** The last lines of its stderr. */
  readonly stderr: string;
}

/** What a run came to. Times in ms. */
export interface RunSummary {
  readonly v: 1;
  /** Jobs that ended, skipped ones not counted. */
  readonly jobs: number;
  readonly ok: number;
  readonly failed: number;
  /** Tries after the first. */
  readonly retried: number;
  readonly timedOut: number;
  /** Jobs the joblog had already. */
  readonly skipped: number;
  /** Jobs that were running when this run was stopped, and were ended. */
  readonly stopped: number;
  /** Jobs that were not started any more when this run was stopped or told to end; null if nobody knows how many. */
  readonly notStarted: number | null;
  readonly slots: number;
  readonly wallMs: number;
  /** The sum of what the jobs took. */
  readonly jobsMs: number;
  /** Of the jobs and what they waited for; user and system. */
  readonly cpuMs: number;
  /** The largest job's peak resident memory, KiB; null if none was larger than lanes (see stats.ts). */
  readonly maxRssKb: number | null;
  /** jobsMs / (wallMs × slots used): 1 = every slot was busy all the time. */
  readonly efficiency: number;
  /** The first failures; {@link failed} counts all. */
  readonly failures: readonly Failure[];
}
