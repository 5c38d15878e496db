/** The protocol, every interleaving of it; and the mutants that must be found. */
import { expect, test } from "bun:test";
import { join } from "node:path";

test("the model checker finds the protocol safe in every world, and no mutant", async () => {
  const script = join(import.meta.dir, "../../../scripts/model-lock.ts");
  const checker = Bun.spawn([process.execPath, script], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = (await new Response(checker.stdout).text()).trim().split("\n");
  expect(lines.filter((line) => line.includes(": safe"))).toHaveLength(9);
  expect(lines.filter((line) => line.includes(": FLAW, two are inside"))).toHaveLength(4);
  expect(lines.filter((line) => line.includes(": FLAW, somebody can never get the lock"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes(": FLAW, somebody touched what is not his"))).toHaveLength(2);
  expect(await checker.exited).toBe(0);
});
