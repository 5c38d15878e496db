/** Queues under torture: nothing is doubled, broken or stuck, and a mutant is found out; and every interleaving of the protocol. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { root } from "../support/root.ts";

async function script(name: string, ...args: string[]) {
  const path = join(root, "scripts", name);
  const run = Bun.spawn([process.execPath, path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = (await new Response(run.stdout).text()).trim().split("\n");
  return { lines, code: await run.exited };
}

test("killed and stopped at random: what is lost was in the hands of a killed consumer", async () => {
  const { lines, code } = await script("torture-ring.ts", "--seconds", "60", "--kills", "12", "--procs", "4");
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ violations: 0, doubled: 0 });
  expect(code).toBe(0);
}, 180_000);

test("the mutant count-first is found out", async () => {
  const { lines, code } = await script(
    "torture-ring.ts",
    "--seconds",
    "120",
    "--procs",
    "4",
    "--mutant",
    "count-first",
  );
  expect(JSON.parse(lines.at(-1) ?? "").violations).toBeGreaterThan(0);
  expect(code).toBe(0);
}, 180_000);

test("the model checker finds the protocol safe in every world, and no mutant", async () => {
  const { lines, code } = await script("model/ring.ts", "--quick");
  expect(lines.filter((line) => line.includes(": safe"))).toHaveLength(2);
  expect(lines.filter((line) => line.includes(": FLAW"))).toHaveLength(10);
  expect(code).toBe(0);
}, 120_000);
