/**
 * The end-to-end tests on what people have after they installed it: `npm run test:installed` (as often as there are ways the
 * time of tests/e2e). The release is made of the last commit, for this system only.
 */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { hostTarget } from "../../scripts/build/targets.ts";
import { done, installedBy, ways } from "../support/installed.ts";
import { root } from "../support/root.ts";

const host = hostTarget(readFileSync(process.execPath).toString("latin1", 0, 4096));

let folder: string;
let release: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanes-installed-"));
  release = join(folder, "release");
  const script = join(root, "scripts", "release", "release.ts");
  const options = ["--home", "https://example.org/owner/lanes", "--only", host.name, "--out", release];
  await done([process.execPath, script, ...options], { cwd: root, env: { HOME: folder } });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(ways)("installed by %s", async (way) => {
  const { lanes } = await installedBy(way, release, host, join(folder, `by-${way}`));
  const suite = Bun.spawn(
    [
      process.execPath,
      "test",
      "./tests/e2e",
      "--timeout=60000",
      `--parallel=${Math.min(8, availableParallelism() + 1)}`,
    ],
    { cwd: root, env: { ...process.env, LANES_BINARY: lanes }, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  const [said] = await Promise.all([new Response(suite.stderr).text(), new Response(suite.stdout).text()]);
  const told = said.split("\n").filter((line) => /^\(fail\)|^ *\d+ (pass|fail|skip)$/.test(line));
  console.log(`${way}:\n${told.join("\n")}`);
  expect(await suite.exited).toBe(0);
});
