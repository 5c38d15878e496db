/** Shared memory under torture: nothing happens to it, and what happens to a broken one is noticed. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { root } from "../support/root.ts";

async function torture(...args: string[]) {
  const script = join(root, "scripts/torture-word.ts");
  const run = Bun.spawn([process.execPath, script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const summary = JSON.parse((await new Response(run.stdout).text()).trim().split("\n").pop() ?? "");
  return { code: await run.exited, summary };
}

test("killed and stopped at random: nobody is ever in beside another, and nobody is stuck", async () => {
  const { code, summary } = await torture("--seconds", "60", "--kills", "12", "--procs", "4");
  expect(summary).toMatchObject({ violations: 0 });
  expect(summary.kills).toBe(12);
  expect(summary.acquisitions).toBeGreaterThan(5);
  expect(code).toBe(0);
}, 90_000);

test("the mutant holds-of-the-dead is found out", async () => {
  // It ends with its first violation, which takes some kills.
  const { code, summary } = await torture("--seconds", "120", "--procs", "4", "--mutant", "holds-of-the-dead");
  expect(summary.violations).toBeGreaterThan(0);
  expect(code).toBe(0);
}, 180_000);
