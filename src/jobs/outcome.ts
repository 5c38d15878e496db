/** What the end of a try means: how it reads in the joblog, in the events, in the report. */
import { ExitCode, signalExitCode } from "../errors.ts";
import type { JobEnding } from "../recording/run-result.ts";
import type { Attempt, Ending } from "./attempt.ts";
import { signalNumber } from "./attempt.ts";
import type { JobSpec } from "./input/feed.ts";
import type { Command } from "./input/template.ts";
import type { Captured } from "./output/capture.ts";
import type { Refusal } from "./refusal.ts";

export interface Outcome extends JobEnding {
  readonly failed: boolean;
  /** Lanes ended it, for a reason of its own: it does not count as run. */
  readonly stopped: boolean;
  /** When it was started: ms since the epoch. */
  readonly startMs: number;
  readonly captured: Captured;
  /** What lanes has to say about it. */
  readonly notice: string | null;
}

const NOTHING: Captured = { written: { out: null, err: null }, received: 0, tail: Buffer.alloc(0) };

/** A try that ran. */
export function outcomeOf(job: JobSpec, command: Command, attempt: Attempt, ending: Ending): Outcome {
  const timedOut = attempt.stopReason === "timeout";
  const problem = ending.captured.problem;
  return {
    seq: job.seq,
    command: command.text,
    code: ending.exitCode,
    signal: ending.signal,
    timedOut,
    attempt: job.attempt,
    ms: ending.runtimeMs,
    failed: timedOut || ending.exitCode !== 0 || problem !== undefined,
    stopped: attempt.stopReason === "stop" || attempt.stopReason === "memory",
    startMs: attempt.startedMs,
    captured: ending.captured,
    notice: problem?.message ?? null,
  };
}

/** A job that could not be started. */
export function refusedOutcome(job: JobSpec, command: Command, startMs: number, refusal: Refusal): Outcome {
  return {
    seq: job.seq,
    command: command.text,
    code: refusal.exitCode,
    signal: null,
    timedOut: false,
    attempt: job.attempt,
    ms: 0,
    failed: true,
    stopped: false,
    startMs,
    captured: NOTHING,
    notice: refusal.reason,
  };
}

/** What of it is told to those who watch. */
export function endingOf({ seq, command, code, signal, timedOut, attempt, ms }: Outcome): JobEnding {
  return { seq, command, code, signal, timedOut, attempt, ms };
}

/** The columns of the joblog: a job that ran out of time has Exitval -1 and the signal it was sent, as in GNU parallel. */
export function exitColumns(outcome: Outcome): { exitValue: number; signal: number } {
  if (outcome.timedOut) return { exitValue: -1, signal: signalNumber("SIGTERM") };
  const incomplete = outcome.failed && outcome.code === 0; // its output may be: that is no success to --resume
  return { exitValue: incomplete ? 1 : (outcome.code ?? 0), signal: signalNumber(outcome.signal) };
}

/** The exit code as a shell would name it: 128+n for signal n. Of a job that counts as failed never 0. */
export function exitCodeOf({ code, signal, failed }: Outcome): number {
  const own = signal === null ? (code ?? 0) : signalExitCode(signalNumber(signal));
  return failed && own === 0 ? ExitCode.failed : own;
}

/** The last bytes of a stream as text, from the beginning of a line if there is one. */
export function tailText(tail: Buffer): string {
  const text = tail.toString("utf8").trimEnd();
  const lines = text.split("\n").slice(-5);
  return lines.join("\n");
}
