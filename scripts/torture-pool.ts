#!/usr/bin/env bun
/**
 * Tortures a program's pools: scripts/torture/pool-program.ts is run by `lanes exec`, and its workers are killed. A mutant is a library
 * in which one step is missing: the program runs on it in plain Bun, and it has to be found out.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { BunPlugin } from "bun";
import { lanes } from "../tests/support/lanes.ts";
import { libraryExports, libraryOf } from "./build/library.ts";

/** What a mutant changes of src/api/pool/crew.ts. */
const mutants: Readonly<Record<string, readonly [from: string, to: string]>> = {
  /** What a dead worker had begun is done once more. */
  again: ["isBegun: worker.begun(slot) > 0", "isBegun: false"],
  /** What a dead worker had not begun is forgotten. */
  forgotten: ["this.#waiting.addFirst(again);", ""],
};
const usage = `Usage: scripts/torture-pool.ts [options]        (bun scripts/build.ts first)

  --seconds N    how long (default 20); it ends with its first violation
  --kills N      at most so many
  --procs N      workers (default 4)
  --seed N       of calls and kills (default: from the clock; printed)
  --patience N   seconds after which a call counts as stuck (default 60)
  --mutant NAME  ${Object.keys(mutants).join(" | ")}: exit code 0 if it was found out

Exit code 0: as it should be. The last line is the summary, as JSON.
`;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    kills: { type: "string", default: "1000000" },
    procs: { type: "string", default: "4" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
    patience: { type: "string", default: "60" },
    mutant: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const { seconds, kills, procs, seed, patience, mutant } = values;
const numbers = [seconds, kills, procs, seed, patience].map(Number);
if (values.help || numbers.some((n) => !(n >= 0)) || (mutant !== undefined && !Object.hasOwn(mutants, mutant))) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

const root = join(import.meta.dir, "..");

/** Installs the changed library beside the program. @throws Error if the source no longer says what is to be changed. */
async function install(folder: string, [from, to]: readonly [string, string]): Promise<void> {
  const change: BunPlugin = {
    name: "mutate",
    setup(build) {
      build.onLoad({ filter: /api\/pool\/crew\.ts$/ }, async ({ path }) => {
        const text = await Bun.file(path).text();
        if (!text.includes(from)) throw new Error(`${path} no longer contains: ${from}`);
        return { contents: text.replace(from, to), loader: "ts" };
      });
    },
  };
  const cwd = process.cwd();
  const files = await libraryOf(root, "mutant", [change]);
  process.chdir(cwd);
  const pack = join(folder, "node_modules/lanes");
  for (const { name, data } of files) {
    mkdirSync(dirname(join(pack, "lib", name)), { recursive: true });
    writeFileSync(join(pack, "lib", name), data);
  }
  writeFileSync(
    join(pack, "package.json"),
    JSON.stringify({ name: "lanes", type: "module", exports: { ".": libraryExports } }),
  );
}

const dir = mkdtempSync(join(tmpdir(), "torture-pool-"));
try {
  const program = join(dir, "program.ts");
  cpSync(join(import.meta.dir, "torture/pool-program.ts"), program);
  const changed = mutants[mutant ?? ""];
  if (changed !== undefined) await install(dir, changed);
  const command = changed === undefined ? [lanes, "exec", program] : [process.execPath, program];
  const options = [seconds, kills, procs, seed, Number(patience) * 1000].map(String);
  const run = Bun.spawn([...command, ...options], { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, code] = await Promise.all([run.stdout.text(), run.stderr.text(), run.exited]);
  const found = stdout.split("\n").filter((line) => line.startsWith("violation"));
  if (code !== 0) found.push(`exit code ${code}`);
  if (stderr !== "") found.push(stderr.trim());
  const summary = JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? "{}");
  console.log(JSON.stringify({ seed: Number(seed), ...summary, violations: found.length, found: found.slice(0, 5) }));
  process.exitCode = found.length > 0 === (mutant !== undefined) ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
