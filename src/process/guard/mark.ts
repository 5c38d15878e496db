/**
 * The variable that marks what belongs together: a job, or a pool's worker, and all that it starts. By it the guard
 * (guard.ts) finds what it has to end. One within another has the marks of both, `outer/inner`.
 */
export const MARK_VARIABLE = "LANES_JOB";

/** What the mark of whatever this process starts begins with: the marks of what it is part of itself, each with a slash behind it. */
export function outerMarks(): string {
  const outer = process.env[MARK_VARIABLE];
  return outer ? `${outer}/` : "";
}
