/** The lock under torture: nothing happens to it, and what happens to a broken one is noticed. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { root } from "../support/root.ts";

async function torture(...args: string[]) {
  const script = join(root, "scripts/torture-lock.ts");
  const run = Bun.spawn([process.execPath, script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const summary = JSON.parse((await new Response(run.stdout).text()).trim().split("\n").pop() ?? "");
  return { code: await run.exited, summary };
}

test("killed, stopped and abandoned at random: nobody is ever in beside another, and nobody is stuck", async () => {
  const { code, summary } = await torture("--seconds", "6");
  expect(summary).toMatchObject({ violations: 0 });
  expect(summary.kills).toBeGreaterThan(10);
  expect(summary.acquisitions).toBeGreaterThan(20);
  expect(code).toBe(0);
}, 90_000);

test.each(["no-creator-check", "close-before-unlink"])(
  "the mutant %s is found out",
  async (mutant) => {
    // It ends with its first violation, which is a matter of chance: mostly a few seconds, on a busy machine many.
    const { code, summary } = await torture("--seconds", "240", "--mutant", mutant);
    expect(summary.violations).toBeGreaterThan(0);
    expect(code).toBe(0);
  },
  300_000,
);
