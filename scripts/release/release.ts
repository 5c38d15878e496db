#!/usr/bin/env bun
/** Makes all that people download: `npm run release`, or `scripts/release/release.ts [--out DIR] [--only TARGET,…] [--home URL]`. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import pkg from "../../package.json" with { type: "json" };
import { compile } from "../build/compile.ts";
import { libraryOf } from "../build/library.ts";
import { originOf } from "../build/origin.ts";
import { pinnedRuntime } from "../build/runtimes.ts";
import { type Target, targetNamed, targets } from "../build/targets.ts";
import { assemble } from "./assemble.ts";
import { documentsOf } from "./files.ts";
import { home } from "./home.ts";

const usage = `Usage: scripts/release/release.ts [--out DIR] [--only TARGET,...] [--home URL]

Archives, npm packages, .deb, install.sh, Homebrew formula, SBOM, notes and SHA256SUMS, the same bytes from the same commit.

  --out DIR          where to (default: dist/release); it appears whole or not at all
  --only TARGET,...  of ${targets.map(({ name }) => name).join(", ")} (default: all)
  --home URL         where the project lives (default: the constant in scripts/release/home.ts)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      only: { type: "string" },
      home: { type: "string", default: home },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const root = join(import.meta.dir, "..", "..");
  const out = resolve(values.out ?? join(root, "dist", "release"));
  const wanted = values.only === undefined ? targets : values.only.split(",").map(targetNamed);
  if (!/^https?:\/\/[^/\s"'$`\\]+(\/[^\s"'$`\\]+)*[^/]$/.test(values.home)) {
    throw new Error(
      values.home === ""
        ? "where does the project live? Write its address into scripts/release/home.ts, or give --home URL"
        : `--home ${JSON.stringify(values.home)} is no address`,
    );
  }
  const { commit, epochSeconds } = originOf(root);
  if (commit === "unknown")
    throw new Error(`${root} is no git clone: nobody could tell which sources this release is made of`);
  if (commit.endsWith("-dirty"))
    throw new Error(
      `${root} differs from its commit (git status): commit it first, or nobody could make this release again`,
    );

  await assemble({
    out,
    version: pkg.version,
    description: pkg.description,
    commit,
    epochSeconds,
    home: values.home,
    targets: wanted,
    documents: documentsOf(root),
    library: await libraryOf(root, commit),
    build: (target) => buildOne(root, target, commit),
    progress: (line) => console.log(`  ${line}`),
  });
  console.log(`${out}  ${pkg.version} ${commit}`);
}

async function buildOne(root: string, target: Target, commit: string) {
  const folder = mkdtempSync(join(tmpdir(), "lanes-release-"));
  try {
    using runtime = pinnedRuntime(root, target.runtime);
    const outfile = join(folder, "lanes");
    const packages = await compile({ root, target, outfile, commit, runtime: runtime.path });
    return { lanes: readFileSync(outfile), packages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(`release: ${(error as Error).message}`);
  process.exit(1);
}
