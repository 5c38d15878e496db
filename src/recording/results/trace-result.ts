/** What a trace of a person's own program comes to: why its processes waited, and its summary, as the document has them. */
import {
  count,
  type FieldsOf,
  flag,
  list,
  ms,
  number,
  numberOrText,
  object,
  oneOf,
  optional,
  orNull,
  type Raw,
  record,
  text,
  whole,
} from "../fields.ts";

/** What a process can wait for; `other` where the kernel does not say. */
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
export const reason = oneOf(...reasons);

/** Why a process sleeps, and whom it waits for, as far as the kernel tells. */
export interface TracedWait {
  readonly why: Reason;
  /** The file, the pipe, the semaphore …; empty if there is nothing to say. */
  readonly on: string;
  /** The process that could end the wait: the child, the lock's holder, the other end; 0 if that is not known. */
  readonly by: number;
}

/** Why the processes were only looked at now and then. */
export const sampledBecause = oneOf("asked", "refused", "traced", "setuid", "tracer");
export type SampledBecause = ReturnType<typeof sampledBecause>;

/** A process that failed. */
const failed = { pid: count, command: text, exitCode: orNull(count), signal: orNull(text) };
export type FailedProcess = FieldsOf<typeof failed>;

/** A stretch of time in which this process was what everything else waited for. */
const critical = { pid: count, ppid: count, command: text, startMs: ms, endMs: ms };
export type CriticalStretch = FieldsOf<typeof critical>;

/** Why it was not faster: which of the sentences holds, and its values. */
const verdict = {
  because: oneOf("busy", "starved", "locked", "lockedBy", "waited", "idle", "serial", "mixed"),
  values: record(numberOrText),
};
export type TraceVerdict = FieldsOf<typeof verdict>;

/** What a trace came to: the document of `--json`. Times in ms. */
export const traceResult = {
  v: count,
  command: list(text),
  exitCode: orNull(count),
  signal: orNull(text),
  wallMs: ms,
  /** Of all processes. */
  cpuMs: ms,
  cores: count,
  processes: count,
  /** Processes, and threads of all processes, that lived at once at most. */
  mostAtOnce: count,
  mostThreads: count,
  meanCoresBusy: number,
  /** Over a tenth of a second. */
  mostCoresBusy: number,
  /** Which part of the time exactly one process ran, and which part none did; 0 to 1. */
  serialShare: number,
  idleShare: number,
  /** Of that: a process could have run, and had no core, because others on this machine had them all. */
  starvedShare: number,
  /** The first of them; `failures` is how many there were. */
  failed: list(object(failed)),
  failures: count,
  /** Processes that stood as zombies for longer than 0.1 s. */
  zombies: count,
  /** Processes that outlived their parent. */
  orphans: count,
  /** Processes that still ran when the command had ended. */
  left: count,
  /** Nothing was traced, /proc was looked at now and then: shorter processes can be missing. */
  sampled: flag,
  sampledBecause: orNull(sampledBecause),
  /** Programs that would have had more rights by their files, and were given none because they were traced. */
  unprivileged: list(text),
  /** How long processes waited for what, ms; several at once count as often. */
  waitedMs: record(ms),
  /** The wait that came to most in all, but for those for children. */
  longestWait: orNull(object({ pid: count, why: reason, on: text, by: count, ms })),
  criticalPath: list(object(critical)),
  verdict: optional(object(verdict)),
};
export type TraceResult = FieldsOf<typeof traceResult>;

/** The result that a recording ended with; null if it has none, or one that cannot be read. */
export function traceResultOf(raw: Raw | undefined): TraceResult | null {
  return raw === undefined ? null : whole(traceResult, raw);
}
