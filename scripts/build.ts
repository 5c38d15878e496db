#!/usr/bin/env bun
/** Makes the executable: `scripts/build.ts [--target TARGET] [--outfile FILE] [--runtime FILE] [--quiet]`. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import pkg from "../package.json" with { type: "json" };
import { compile } from "./build/compile.ts";
import { originOf } from "./build/origin.ts";
import { pinnedRuntime } from "./build/runtimes.ts";
import { hostTarget, targetNamed, targets } from "./build/targets.ts";

const usage = `Usage: scripts/build.ts [--target TARGET] [--outfile FILE] [--runtime FILE] [--quiet]

  --target TARGET  ${targets.map(({ name }) => name).join(", ")}
                   (default: this machine, on the Bun that runs this)
  --outfile FILE   where to write it (default: dist/lanes, or dist/TARGET/lanes)
  --runtime FILE   a Bun of your own to put it on, instead of the one that package-lock.json pins
  --quiet          print nothing when it worked
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      outfile: { type: "string" },
      runtime: { type: "string" },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const root = join(import.meta.dir, "..");
  // The first bytes of an ELF file name its loader.
  const host = async () => hostTarget(await Bun.file(process.execPath).slice(0, 4096).text());
  const target = values.target === undefined ? await host() : targetNamed(values.target);
  const outfile = resolve(
    values.outfile ?? join(root, "dist", values.target === undefined ? "" : target.name, "lanes"),
  );
  const own = values.runtime === undefined ? undefined : resolve(values.runtime);
  const { commit } = originOf(root);
  using pinned = values.target === undefined || own !== undefined ? undefined : pinnedRuntime(root, target.runtime);
  await compile({ root, target, outfile, commit, runtime: own ?? pinned?.path });
  if (!values.quiet)
    console.log(
      `${outfile}  ${(Bun.file(outfile).size / 1e6).toFixed(1)} MB  ${target.name}  ${pkg.version} ${commit}`,
    );
}

try {
  await main();
} catch (error) {
  console.error(`build: ${(error as Error).message}`);
  process.exit(1);
}
