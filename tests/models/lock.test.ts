/** The protocol, every interleaving of it; and the mutants that must be found. */
import { expect, test } from "bun:test";
import { verdicts } from "../support/verdicts.ts";

test("what is left to a waiter is removed by somebody, and no mutant does it", async () => {
  const lines = await verdicts("model/leftover.ts");
  expect(lines.filter((line) => line.includes(": safe"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes(": FLAW, a file is left"))).toHaveLength(3);
});

test("the model checker finds the protocol safe in every world, and no mutant", async () => {
  const lines = await verdicts("model/lock.ts");
  expect(lines.filter((line) => line.includes(": safe"))).toHaveLength(9);
  expect(lines.filter((line) => line.includes(": FLAW, two are inside"))).toHaveLength(4);
  expect(lines.filter((line) => line.includes(": FLAW, somebody can never get the lock"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes(": FLAW, somebody touched what is not his"))).toHaveLength(2);
});
