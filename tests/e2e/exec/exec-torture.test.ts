/** What a program's processes share, under torture through the executable: nothing happens to it, and a broken one is noticed. */
import { expect, test } from "bun:test";
import { torture } from "../../support/torture.ts";

test.skipIf(process.platform !== "linux")(
  "each process killed in turn, the first one too: nobody is in beside another, stuck, or left",
  async () => {
    const { code, summary } = await torture("torture-exec", "--seconds", "120", "--kills", "6", "--procs", "3");
    expect(summary).toMatchObject({ violations: 0, found: [], kills: 6 });
    expect(code).toBe(0);
  },
  300_000,
);

test("the mutant own-lock is found out", async () => {
  const { code, summary } = await torture("torture-exec", "--seconds", "120", "--procs", "4", "--mutant", "own-lock"); // it ends with its first violation
  expect(summary.violations).toBeGreaterThan(0);
  expect(code).toBe(0);
}, 300_000);
