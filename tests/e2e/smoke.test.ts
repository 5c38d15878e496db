/** smoke.sh: what has to work wherever lanes starts, on this machine and in the roots of other systems that were made. */

import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMade, roots, smokeCommand } from "../../scripts/roots/roots.ts";
import { lanes } from "../support/lanes.ts";
import { root } from "../support/root.ts";

const smoke = join(root, "scripts", "roots", "smoke.sh");
/** Demos are tried by their own tests; here it is the executable, elsewhere that a medium of every kind works, too. */
const demos = ["race", "exchange"];

async function failures(command: readonly string[]): Promise<string[]> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [said, complained] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  await child.exited;
  expect(said.split("\n").filter((line) => line.startsWith("ok")).length, complained).toBeGreaterThan(5);
  return said.split("\n").filter((line) => line.startsWith("NOT OK"));
}

test("smoke: this machine", async () => {
  expect(await failures(["sh", smoke, lanes, "race"])).toEqual([]);
}, 120_000);

test("smoke: a check that fails is told, and the exit code is 1", async () => {
  const child = Bun.spawn(["sh", smoke, "/bin/false", "race"], { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  expect(await new Response(child.stdout).text()).toContain("NOT OK  --version: exit code 1");
  expect(await child.exited).toBe(1);
}, 120_000);

for (const each of roots) {
  const built = join(root, "dist", each.target.name, "lanes");
  const host = each.target.name === `${process.platform}-${process.arch}`;
  const file = host ? lanes : built;
  test.skipIf(!isMade(each) || !existsSync(file))(
    `smoke: ${each.name}, ${each.libc} (scripts/roots/try.ts make ${each.name})`,
    async () => {
      expect(await failures(smokeCommand(each, file, smoke, demos))).toEqual([]);
    },
    300_000,
  );
}
