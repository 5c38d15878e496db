/** An ended try of a job, in one shape; the joblog's line, the event and the report's failure are functions of it. */
import { ExitCode, signalExitCode } from "../errors.ts";
import { signalNumber } from "../os/signals.ts";
import type { JobEnding, JobFailure } from "../recording/results/run-result.ts";
import type { JobSpec } from "./input/feed.ts";
import type { LogLine } from "./joblog.ts";
import type { Captured } from "./output/capture.ts";
import type { Refusal } from "./refusal.ts";

/** Something to be said of a job, when and where it is shown. */
export interface JobNotice {
  readonly message: string;
}

export interface JobResult {
  readonly job: JobSpec;
  /** As a shell would read it. */
  readonly command: string;
  readonly code: number | null;
  /** The name of the signal that ended it; of a real-time signal, which has none, `SIG` and its number. */
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Lanes ended it, for a reason of its own: it does not count as run. */
  readonly stopped: boolean;
  readonly failed: boolean;
  /** When it was started: ms since the epoch. */
  readonly startMs: number;
  /** How long it ran, ms; time it was stopped by Ctrl-Z not counted. */
  readonly ms: number;
  /** User and system time, ms; peak resident memory, KiB, of the job and what it waited for. */
  readonly cpuMs: number;
  readonly maxRssKb: number;
  readonly output: Captured;
  /** What lanes has to say about it: an error whose message is for those who are shown it. */
  readonly notice: JobNotice | null;
  /** The machine it ran on, if not this one. */
  readonly host?: string;
  /** Its machine was lost, again and again. */
  readonly lost?: boolean;
}

const NOTHING: Captured = { written: { out: null, err: null }, received: 0, tail: Buffer.alloc(0) };

/** A job that could not be started. */
export function refusedResult(job: JobSpec, command: string, startMs: number, refusal: Refusal): JobResult {
  return {
    job,
    command,
    code: refusal.exitCode,
    signal: null,
    timedOut: false,
    stopped: false,
    failed: true,
    startMs,
    ms: 0,
    cpuMs: 0,
    maxRssKb: 0,
    output: NOTHING,
    notice: refusal,
  };
}

/** What of it is told to those who watch. */
export function jobEndingOf({ job, command, code, signal, timedOut, ms }: JobResult): JobEnding {
  return { seq: job.seq, command, code, signal, timedOut, attempt: job.attempt, ms };
}

/** What the report at the end says of a job that failed. */
export function failureOf(result: JobResult): JobFailure {
  return { ...jobEndingOf(result), stderr: result.notice?.message ?? tailText(result.output.tail) };
}

/** Its line in the joblog: a job that ran out of time has Exitval -1 and the signal it was sent, as in GNU parallel. */
export function logLineOf({ job, command, startMs, ms, output, host = ":", ...ending }: JobResult): LogLine {
  const { code, signal, timedOut, failed, lost } = ending;
  const incomplete = failed && code === 0; // its output may be: that is no success to --resume
  return {
    seq: job.seq,
    host,
    command,
    startMs,
    runtimeMs: ms,
    received: output.received,
    exitValue: timedOut || lost ? -1 : incomplete ? 1 : (code ?? 0),
    signal: timedOut ? signalNumber("SIGTERM") : signal === null ? 0 : signalNumber(signal),
  };
}

/** The exit code as a shell would name it: 128+n for signal n. Of a job that counts as failed never 0. */
export function exitCodeOf({ code, signal, failed }: JobResult): number {
  const own = signal === null ? (code ?? 0) : signalExitCode(signalNumber(signal));
  return failed && own === 0 ? ExitCode.failed : own;
}

/** The last lines of a stream as text. */
function tailText(tail: Buffer): string {
  const text = tail.toString("utf8").trimEnd();
  return text.split("\n").slice(-5).join("\n");
}
