/** The protocol of the lock in a database, every interleaving of it; and the mutants that must be found. */
import { expect, test } from "bun:test";
import { join } from "node:path";

test("the model checker finds the protocol safe in every world, and no mutant", async () => {
  const script = join(import.meta.dir, "../../../scripts/model-farm.ts");
  const checker = Bun.spawn([process.execPath, script], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = (await new Response(checker.stdout).text()).trim().split("\n");
  expect(lines.filter((line) => line.includes(": safe"))).toHaveLength(3);
  expect(lines.filter((line) => line.includes(": FLAW, two commands run"))).toHaveLength(5);
  expect(lines.filter((line) => line.includes(": FLAW, a number came twice"))).toHaveLength(1);
  expect(await checker.exited).toBe(0);
});
