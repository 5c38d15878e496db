/** The protocol of the words, every interleaving of it; and the mutants that must be found. */
import { expect, test } from "bun:test";
import { verdicts } from "../support/verdicts.ts";

test("the model checker finds the protocol safe in every world, and no mutant", async () => {
  const lines = await verdicts("model/word.ts", "--quick");
  expect(lines.filter((line) => line.includes(": safe"))).toHaveLength(4);
  expect(lines.filter((line) => line.includes(": FLAW, somebody waits for ever"))).toHaveLength(8);
  expect(lines).toHaveLength(12);
});
