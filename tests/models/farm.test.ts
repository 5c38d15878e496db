/** The protocols of the lock and of the jobs in a database, every interleaving of them; and the mutants that must be found. */
import { expect, test } from "bun:test";
import { verdicts } from "../support/verdicts.ts";

test("the model checker finds the lock safe in every world, and no mutant", async () => {
  const lines = await verdicts("model/farm.ts");
  expect(lines.filter((line) => line.endsWith(": safe"))).toHaveLength(3);
  expect(lines.filter((line) => line.endsWith(": FLAW, two commands run"))).toHaveLength(5);
  expect(lines.filter((line) => line.endsWith(": FLAW, a number came twice"))).toHaveLength(1);
});

test("and so the sharing out of jobs, and that nobody is given up for an outage of the database", async () => {
  const lost = "FLAW, a job can never be done";
  const untold = "FLAW, somebody has a job that is not his any more, and is not told";
  const well = "FLAW, somebody who is well is given up";
  expect(await verdicts("model/jobs.ts")).toEqual([
    ...["jobs", "retries", "kills", "alone", "even", "shorter", "longer"].map((world) => `${world}: safe`),
    `alone, says-again: ${lost}`,
    `alone, forgets-claims: ${lost}`,
    `alone, no-lock: ${lost}`,
    `kills, one-statement: ${lost}`,
    `retries, revives: ${untold}`,
    "retries, completes-any-attempt: FLAW, the result of another attempt is accepted",
    `retries, gives-back-any: ${untold}`,
    `retries, gives-back-by-attempt: ${untold}`,
    `even, server-start: ${well}`,
    `even, told-by-client: ${well}`,
    `even, late-request: ${well}`,
    `even, no-gaps: ${well}`,
    `even, no-contact: ${well}`,
    `longer, own-lease: ${well}`,
    `shorter, shorter-at-once: ${well}`,
  ]);
});
