/** The tutorial's listing as it is explored: small, without its lock and with it. */
import { expect, test } from "bun:test";
import { smallListing } from "../../../src/commands/menu/explore.ts";

test.each(["off", "on"] as const)("three processes that add 1 once, with the lock %s", async (lock) => {
  const text = await smallListing(lock);
  expect(text).toContain("procs, rounds, gap = 3, 1, 0");
  expect(text).toContain(`mode, lock = "natural", "${lock}"`);
});
