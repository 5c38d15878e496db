#!/usr/bin/env bun
/**
 * Tortures what processes share in memory (src/memory): everything is used by several processes at once while they are killed and
 * stopped at random. Two with one lock, a lost addition, a permit too many, or anything that no longer goes on is a violation. A
 * mutant (--mutant) has to produce one: a run that cannot fail proves nothing.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeTortured, mutants } from "./torture/word-build.ts";

const usage = `Usage: scripts/torture-word.ts [options]

  --seconds N    how long (default 20); it ends with its first violation
  --kills N      at most so many
  --procs N      processes at once (default 6)
  --seed N       of all random decisions (default: from the clock; printed)
  --compiled     as an executable: more kills a second, but it takes some seconds to make it
  --mutant NAME  ${mutants.join(" | ")}: exit code 0 if it was found out

Exit code 0: as it should be. The last line is the summary, as JSON.
`;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    kills: { type: "string", default: "1000000" },
    procs: { type: "string", default: "6" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
    mutant: { type: "string" },
    compiled: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const mutant = mutants.find((name) => name === values.mutant);
if (
  !(Number(values.seconds) > 0) ||
  !(Number(values.kills) > 0) ||
  !(Number(values.procs) > 0) ||
  (values.mutant !== undefined && !mutant)
) {
  process.stderr.write(usage);
  process.exit(2);
}
const dir = mkdtempSync(join(tmpdir(), "torture-word-"));
try {
  const command = await makeTortured(dir, mutant, values.compiled);
  const run = Bun.spawn([...command, values.seconds, values.kills, values.procs, values.seed], {
    stdio: ["ignore", "pipe", mutant === undefined ? "inherit" : "ignore"],
  });
  const summary = (await new Response(run.stdout).text()).trim();
  const code = await run.exited;
  console.log(
    summary === "" ? JSON.stringify({ seed: Number(values.seed), violations: 1, found: [`exit ${code}`] }) : summary,
  );
  process.exitCode = (code !== 0) === (mutant !== undefined) ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
