/** `--halt`: when enough has failed (or succeeded, or ended) to start no more jobs, or to stop those that run. */
import { usageError } from "../errors.ts";

export interface Halt {
  readonly when: "soon" | "now";
  readonly what: "fail" | "success" | "done";
  /** A number of jobs; or a share of all jobs, 0 to 1. */
  readonly limit: { readonly count: number } | { readonly share: number };
}

/** Go on, whatever happens. */
const NEVER: Halt = { when: "soon", what: "fail", limit: { count: Number.POSITIVE_INFINITY } };

/** GNU parallel's older words for the same. */
const NUMBERS: Readonly<Record<string, string>> = {
  "0": "never",
  "1": "soon,fail=1",
  "2": "now,fail=1",
  "-1": "soon,success=1",
  "-2": "now,success=1",
};

/**
 * `never`, `soon|now[,fail|success|done=N|N%]` (default: fail=1), or one of GNU parallel's older forms (0, 1, 2, -1, -2, N%).
 * @throws LanesError (usage).
 */
export function parseHalt(value: string): Halt {
  const long = NUMBERS[value] ?? value.replace(/^(\d+%)$/, "soon,fail=$1");
  if (long === "never") return NEVER;
  const [, when, what = "fail", number = "1", percent] =
    /^(soon|now)(?:,(fail|success|done)=([1-9]\d{0,8})(%?))?$/.exec(long) ?? [];
  if (when !== "soon" && when !== "now") throw invalid(value);
  if (percent === "%" && Number(number) > 100) throw invalid(value);
  const limit = percent === "%" ? { share: Number(number) / 100 } : { count: Number(number) };
  return { when, what: what as Halt["what"], limit };
}

function invalid(value: string) {
  const expected = "never | soon[,fail|success|done=N|N%] | now[,fail|success|done=N|N%]";
  return usageError("cli.number", { option: "halt", value: `'${value}'`, expected });
}

/**
 * Whether it is time, now that a job has ended.
 * @param last whether that job counts as failed.
 * @param counts jobs that have ended so far, that one included.
 * @param total null: not known; a share of it is never reached.
 */
export function haltReached(
  halt: Halt | null,
  last: "failed" | "succeeded",
  { failed, ok }: { readonly failed: number; readonly ok: number },
  total: number | null,
): boolean {
  if (halt === null) return false;
  if ((halt.what === "fail" && last !== "failed") || (halt.what === "success" && last !== "succeeded")) return false;
  const reached = { fail: failed, success: ok, done: failed + ok }[halt.what];
  return reached >= ("count" in halt.limit ? halt.limit.count : halt.limit.share * (total ?? Number.POSITIVE_INFINITY));
}
