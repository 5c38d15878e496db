/** What a run is told to do, and the parts it does it with. */

import type { Sink } from "../recording/event.ts";
import type { JobEnding } from "../recording/run-result.ts";
import type { GateOptions } from "./gates.ts";
import type { Halt } from "./halt.ts";
import type { Values } from "./input/values.ts";
import type { Launcher } from "./launcher.ts";
import type { Delivery } from "./output/delivery.ts";

/** The most a job can take: a duration, or a share of what the median job takes. */
export type Timeout = { readonly ms: number } | { readonly share: number };

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
  readonly values: AsyncIterator<Values[]>;
  readonly launcher: Pick<Launcher, "compose" | "start" | "hurry">;
  readonly delivery: Pick<Delivery, "begun" | "deliver" | "skip" | "drop" | "close" | "congested">;
  /** Whether an earlier run has done a job. */
  readonly isDone: (seq: number, values: Values) => boolean;
  /** Whoever wants to know what happens; null: nobody. */
  readonly sink: Sink<"run"> | null;
  /** Is told of failures that the summary has no room for. */
  readonly onMoreFailures: (failure: JobEnding) => void;
}

/** Why no more jobs are started. */
export type StopReason = "halt" | "drain" | "signal" | "output" | "error";
