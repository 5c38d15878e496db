/** What a run is told to do, and the parts it does it with. */

import type { Sink } from "../recording/event.ts";
import type { JobEnding, RunResult, Shortfall } from "../recording/results/run-result.ts";
import type { GateOptions } from "./gates.ts";
import type { Halt } from "./halt.ts";
import type { JobValues } from "./input/values.ts";
import type { Launcher } from "./launcher.ts";
import type { Delivery } from "./output/delivery.ts";
import type { RunningJobs } from "./running.ts";
import type { Stats } from "./stats.ts";
import type { Timeout } from "./timeout.ts";

/** A run, as those see it who watch it, signal it and report it. */
export interface Run {
  readonly stats: Stats;
  readonly jobs: Pick<RunningJobs, "list" | "kill" | "suspend" | "resume">;
  /** How many jobs there will be, once that is known. */
  readonly total: number | null;
  /** The exit code of the job whose end was the reason to halt; null if there was none. */
  readonly haltCode: number | null;
  /** Why no more jobs are started; null while they are. */
  readonly stopReason: StopReason | null;
  /** What the next job waits for, besides a slot; null if it waits for nothing that is worth a word. */
  readonly waitsFor: Shortfall | null;
  /** Runs everything. @throws LanesError if lanes itself could not go on; whatever ran has been stopped by then. */
  execute(): Promise<void>;
  /** Somebody wants to see how many jobs there will be. @param counted what somebody else finds out about it. */
  lookAhead(counted: Promise<number | null>): void;
  /** Resolves some time after a signal has stopped the run; never without one: then output is waited for. */
  impatience(): Promise<void>;
  /** Starts no more jobs, and stops those that run. */
  stop(reason: StopReason): void;
  /** Starts no more jobs, and lets those that run end. */
  drain(): void;
  /** What it has come to so far. @param signal what stopped it. */
  summary(signal: string | null): RunResult;
}

export interface RunOptions extends GateOptions {
  readonly slots: number;
  /** How often a job is tried in all. */
  readonly tries: number;
  readonly timeout: Timeout | null;
  readonly halt: Halt | null;
  /** The number of jobs, if it is known. */
  readonly total: number | null;
}

export interface RunParts {
  readonly values: AsyncIterator<JobValues[]>;
  readonly launcher: Pick<Launcher, "compose" | "start" | "hurry">;
  readonly delivery: Pick<Delivery, "begun" | "deliver" | "skip" | "drop" | "close" | "congested">;
  /** Whether an earlier run has done a job. */
  readonly isDone: (seq: number, values: JobValues) => boolean;
  /** Whoever wants to know what happens; null: nobody. */
  readonly sink: Sink<"run"> | null;
  /** Is told of failures that the summary has no room for. */
  readonly onMoreFailures: (failure: JobEnding) => void;
}

/** Why no more jobs are started; `cancelled`: by somebody else, on a farm. */
export type StopReason = "halt" | "drain" | "signal" | "output" | "error" | "cancelled";
