/** The tutorial's listings as they are explored: each change that makes them small has found its place. */
import { expect, test } from "bun:test";
import { listingOf } from "../../../src/commands/menu/explore.ts";

test.each(["race", "mutex"] as const)("the listing of %s, small: three processes that add 1 once", async (demo) => {
  const text = await listingOf(demo);
  expect(text).toContain("range(3)");
  expect(text).toContain("path, 1");
  expect(text).toContain('expected {{\\"count\\": 3}}');
  expect(text).not.toMatch(/\b(4|50|100|200|400)\b/);
});
