/** What a run comes to: its jobs' ends and its summary, as the document has them. */
import { count, type FieldsOf, flag, list, ms, number, object, orNull, type Raw, text, whole } from "../fields.ts";

/** How a try of a job ended, as everybody who watches is told. */
export const jobEnding = {
  seq: count,
  /** As a shell would read it. */
  command: text,
  /** Null if a signal ended it. */
  code: orNull(count),
  signal: orNull(text),
  timedOut: flag,
  /** Which try it was, from 1. */
  attempt: count,
  ms,
};
export type JobEnding = FieldsOf<typeof jobEnding>;

/** A failed job, for the report at the end. */
const jobFailure = {
  ...jobEnding,
  /** The last lines of its stderr. */
  stderr: text,
};
export type JobFailure = FieldsOf<typeof jobFailure>;

/** What a run came to. */
export const runResult = {
  v: count,
  /** Jobs that ended, skipped ones not counted. */
  jobs: count,
  ok: count,
  failed: count,
  /** Tries after the first. */
  retried: count,
  timedOut: count,
  /** Jobs the joblog had already. */
  skipped: count,
  /** Jobs that were running when this run was stopped, and were ended. */
  stopped: count,
  /** Jobs that were not started any more when this run was stopped or told to end; null if nobody knows how many. */
  notStarted: orNull(count),
  slots: count,
  wallMs: ms,
  /** The sum of what the jobs took. */
  jobsMs: ms,
  /** Of the jobs and what they waited for; user and system. */
  cpuMs: ms,
  /** The largest job's peak resident memory, KiB; null if none was larger than lanes (see stats.ts). */
  maxRssKb: orNull(count),
  /** jobsMs / (wallMs × slots used): 1 = every slot was busy all the time. */
  efficiency: number,
  /** The first failures; `failed` counts all. */
  failures: list(object(jobFailure)),
  /** The signal that stopped the run. */
  signal: orNull(text),
};
export type RunResult = FieldsOf<typeof runResult>;

/** There is too much of one, or too little of the other, to start a job: what there is, and what was asked for. */
export interface Shortfall {
  readonly of: "load" | "memfree";
  /** The load average of the last minute, or available bytes. */
  readonly is: number;
  readonly limit: number;
}

/** The result that a recording ended with; null if it has none, or one that cannot be read. */
export function runResultOf(raw: Raw | undefined): RunResult | null {
  return raw === undefined ? null : whole(runResult, raw);
}
