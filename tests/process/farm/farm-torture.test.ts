/** Jobs of a farm under torture: every result once, as if nothing had happened. */
import { expect, test } from "bun:test";
import { hasPostgres } from "../../support/postgres.ts";
import { torture } from "../../support/torture.ts";

const short = ["--seconds", "5", "--workers", "3", "--jobs", "40"];

test.skipIf(process.platform !== "linux" || !hasPostgres)(
  "workers and submitters killed, stopped and cut off, the database crashed: each result is accepted and passed on once",
  async () => {
    const { code, summary } = await torture("torture-farm-jobs", ...short);
    expect(summary.violations).toBe(0);
    expect(summary.batches).toBeGreaterThanOrEqual(2);
    expect(code).toBe(0);
  },
  360_000,
);
