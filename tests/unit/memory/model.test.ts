/** The protocol of the words, every interleaving of it; and the mutants that must be found. */
import { expect, test } from "bun:test";
import { join } from "node:path";

test("the model checker finds the protocol safe in every world, and no mutant", async () => {
  const script = join(import.meta.dir, "../../../scripts/model-word.ts");
  const checker = Bun.spawn([process.execPath, script, "--quick"], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = (await new Response(checker.stdout).text()).trim().split("\n");
  expect(lines.filter((line) => line.includes(": safe"))).toHaveLength(4);
  expect(lines.filter((line) => line.includes(": FLAW, somebody waits for ever"))).toHaveLength(8);
  expect(lines).toHaveLength(12);
  expect(await checker.exited).toBe(0);
});
