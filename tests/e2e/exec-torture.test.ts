/** What a program's processes share, under torture through the executable: nothing happens to it, and a broken one is noticed. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { lanes } from "../support/lanes.ts";

async function torture(...args: string[]) {
  const script = join(import.meta.dir, "../../scripts/torture-exec.ts");
  const env = { ...process.env, LANES_BINARY: lanes };
  const run = Bun.spawn([process.execPath, script, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const summary = JSON.parse((await new Response(run.stdout).text()).trim().split("\n").pop() ?? "");
  return { code: await run.exited, summary };
}

test.skipIf(process.platform !== "linux")(
  "each process killed in turn, the first one too: nobody is in beside another, stuck, or left",
  async () => {
    const { code, summary } = await torture("--seconds", "120", "--kills", "6", "--procs", "3");
    expect(summary).toMatchObject({ violations: 0, found: [], kills: 6 });
    expect(code).toBe(0);
  },
  300_000,
);

test("the mutant own-lock is found out", async () => {
  const { code, summary } = await torture("--seconds", "120", "--procs", "4", "--mutant", "own-lock"); // it ends with its first violation
  expect(summary.violations).toBeGreaterThan(0);
  expect(code).toBe(0);
}, 300_000);
