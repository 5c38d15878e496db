#!/usr/bin/env bun
/**
 * Tortures a program's pools: scripts/torture/pool-program.ts is run by `lanes exec`, and its workers are killed. A mutant is a library
 * in which one step is missing: the program runs on it in plain Bun, and it has to be found out.
 */
import "../tests/support/words.ts";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BunPlugin } from "bun";
import { lanes } from "../tests/support/lanes.ts";
import { libraryExports, libraryOf } from "./build/library.ts";
import { tortureOptions } from "./torture/options.ts";

/** What a mutant changes of src/api/pool/crew.ts. */
const mutants: Readonly<Record<string, readonly [from: string, to: string]>> = {
  /** What a dead worker had begun is done once more. */
  again: ["isBegun: worker.begun(slot) > 0", "isBegun: false"],
  /** What a dead worker had not begun is forgotten. */
  forgotten: ["this.#waiting.addFirst(again);", ""],
};
const { seconds, kills, procs, seed, patience, mutant } = tortureOptions({
  ...{ name: "torture-pool", mutants: Object.keys(mutants), procs: "workers", seed: "of calls and kills" },
  patience: "seconds after which a call counts as stuck",
});

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
  // In one file beside the library, which in a mutant is another one.
  const entrypoints = [join(import.meta.dir, "torture/pool-program.ts")];
  const made = await Bun.build({ entrypoints, target: "bun", external: ["lanes"], outdir: dir });
  const program = made.outputs[0]?.path ?? "";
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
