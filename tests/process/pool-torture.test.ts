/** Pools of a user's program under torture: no item is done twice or forgotten, no call hangs, and mutants are found out. */
import { expect, test } from "bun:test";
import { torture } from "../support/torture.ts";

test.skipIf(process.platform !== "linux")(
  "workers killed at random: what is lost is what a killed one was at",
  async () => {
    const { code, summary } = await torture("torture-pool", "--seconds", "120", "--kills", "10");
    expect(summary).toMatchObject({ violations: 0, found: [] });
    expect(summary.kills).toBeGreaterThanOrEqual(10);
    expect(code).toBe(0);
  },
  240_000,
);

test.skipIf(process.platform !== "linux").each([
  ["again", "60"],
  ["forgotten", "5"],
])(
  "the mutant %s is found out",
  async (mutant, patience) => {
    const { code, summary } = await torture(
      "torture-pool",
      "--seconds",
      "120",
      "--mutant",
      mutant,
      "--patience",
      patience,
    );
    expect(summary.violations).toBeGreaterThan(0);
    expect(code).toBe(0);
  },
  240_000,
);
