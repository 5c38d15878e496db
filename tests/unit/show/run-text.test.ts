import { expect, test } from "bun:test";
import type { JobFailure, RunResult } from "../../../src/recording/results/run-result.ts";
import { failuresText, moreFailuresText } from "../../../src/show/jobs/run-text.ts";
import { expectEscaped, hostile } from "../../support/hostile.ts";

const failure = { seq: 1, attempt: 1, code: 1, signal: null, timedOut: false, ms: 1 };

function summary(failures: readonly JobFailure[], failed = failures.length): RunResult {
  const none = {
    ok: 0,
    retried: 0,
    timedOut: 0,
    skipped: 0,
    stopped: 0,
    notStarted: 0,
    jobsMs: 1,
    cpuMs: 1,
    maxRssKb: null,
  };
  return { v: 1, jobs: failed, failed, slots: 1, wallMs: 1, efficiency: 1, ...none, failures, signal: null };
}

test("the last words of a failed job are shown line by line, with escapes", () => {
  const { seq, ...rest } = failure;
  const text = failuresText(summary([{ seq, ...rest, command: hostile, stderr: hostile } as JobFailure]), true);
  expectEscaped(text);
  expect(text.split("\n").slice(1, 3)).toEqual([expect.stringMatching(/^ {2}\| TITLE/), "  | LINE END"]);
});

test("what has not been kept is counted; nothing to say is nothing", () => {
  const one = { ...failure, command: "false", stderr: "x" } as JobFailure;
  expect(failuresText(summary([one]), false)).toBe("lanes: job 1 failed (exit code 1): false\n");
  expect(moreFailuresText(2)).toBe("lanes: 2 more jobs failed\n");
  expect(failuresText(summary([]), true) + moreFailuresText(0)).toBe("");
});

test("a job that ended well, and whose output was lost, is not said to have failed with exit code 0", () => {
  const lost = { ...failure, code: 0, command: "true", stderr: "" } as JobFailure;
  expect(failuresText(summary([lost]), false)).toBe("lanes: job 1 failed (its output is not complete): true\n");
});
