/**
 * A process of a trace as it is known at a moment, and who is told what happens to it. One writer: processes.ts; whoever else has
 * one reads it.
 */
import { constants } from "node:os";
import type { LaneEvent } from "../recording/event.ts";
import type { TracedWait } from "../recording/results/trace-result.ts";
import type { TracedState } from "../recording/trace-lanes.ts";

export type TraceEvent = LaneEvent<"trace">;

/** A process, as far as it is known at this moment. */
export interface Traced {
  readonly lane: string;
  readonly number: number;
  readonly pid: number;
  /** As it was when the process began, or was adopted. */
  ppid: number;
  /** The process that started it, while that lives. */
  parent: Traced | undefined;
  /** Its lane; empty for the command. */
  readonly parentLane: string;
  /** 0: the command itself. */
  readonly generation: number;
  /** What it runs; a process that has executed nothing runs what its parent does. */
  command: string;
  executed: boolean;
  readonly startMs: number;
  /** When it ended; it may be a zombie since. */
  endMs: number | undefined;
  code: number | null;
  signal: string | null;
  /** Its own processor time, as it was at the last look. */
  cpuMs: number;
  lookedMs: number;
  threads: number;
  mostThreads: number;
  state: TracedState;
  waits: TracedWait | undefined;
  /** Since when it is in this state, for this reason; and when that was told last. */
  sinceMs: number;
  toldMs: number;
  orphan: boolean;
  /** It stood as a zombie for a while, which was told. */
  stood: boolean;
}

/** What is told of the processes. Must be cheap: it happens while the command runs. */
export interface TraceWatcher {
  /** Something happened to a process, which is now as `process` says; `was`: what it was in the midst of. */
  onEvent?(event: TraceEvent, process: Traced, was: TracedSpan): void;
  /** It has another number of threads. */
  onThreads?(process: Traced): void;
  /** It had some processor time since the last look at it. */
  onProcessor?(process: Traced, fromMs: number, toMs: number, cpuMs: number): void;
}

/** A stretch of a process's life. */
export interface TracedSpan {
  readonly state: TracedState;
  readonly waits: TracedWait | undefined;
  readonly fromMs: number;
}

/** The name of a signal: `SIGKILL`; `SIGRTMIN+3` for a real-time one. */
export function signalName(number: number): string {
  const known = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return known ?? (number >= 34 ? `SIGRTMIN+${number - 34}` : `signal ${number}`);
}

/** What a process is in the midst of. */
export function spanOf({ state, waits, sinceMs }: Traced): TracedSpan {
  return { state, waits, fromMs: sinceMs };
}
