#!/usr/bin/env bun
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
/**
 * Compiles src/main.ts to one executable: `scripts/build.ts [--target TARGET] [--outfile FILE] [--quiet]`.
 *
 * Minified, with bytecode, split so that a command loads only what it needs, and deaf to the `.env` and `bunfig.toml` of
 * the folder it is started in: a downloaded tool must not change with the folder. Only `package.json` and `tsconfig.json`
 * are read, and only where a user's module is imported, from its folder upwards: without them the packages and `paths` that
 * it imports would not be found. All of lanes itself is compiled here, so nothing in them can change it.
 */
import { $ } from "bun";
import pkg from "../package.json" with { type: "json" };

const usage = `Usage: scripts/build.ts [--target TARGET] [--outfile FILE] [--quiet]

  --target TARGET  bun-linux-x64, bun-linux-arm64, bun-linux-x64-musl, bun-linux-arm64-musl,
                   bun-darwin-x64, bun-darwin-arm64 (default: this machine)
  --outfile FILE   where to write it (default: dist/lanes, or dist/lanes-TARGET with --target)
  --quiet          print nothing when it worked
`;

const { values } = parseArgs({
  options: {
    target: { type: "string" },
    outfile: { type: "string" },
    quiet: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const root = join(dirname(Bun.fileURLToPath(import.meta.url)), "..");
const outfile =
  values.outfile ?? join(root, "dist", values.target ? `lanes-${values.target.replace(/^bun-/, "")}` : "lanes");
const commit = (await $`git -C ${root} rev-parse --short=12 HEAD`.quiet().nothrow().text()).trim() || "unknown";

const result = await Bun.build({
  // The second one is a thread: a Worker needs a file of its own inside the executable.
  entrypoints: [join(root, "src", "main.ts"), join(root, "src", "lock", "thread.ts")],
  format: "esm",
  minify: true,
  splitting: true,
  bytecode: true,
  sourcemap: "none",
  define: {
    LANES_VERSION: JSON.stringify(pkg.version),
    LANES_COMMIT: JSON.stringify(commit),
    LANES_TARGET: JSON.stringify(values.target ?? `bun-${process.platform}-${process.arch}`),
  },
  compile: {
    outfile,
    ...(values.target ? { target: values.target as Bun.Build.CompileTarget } : {}),
    autoloadDotenv: false,
    autoloadBunfig: false,
    autoloadTsconfig: true,
    autoloadPackageJson: true,
  },
});
if (!result.success) {
  for (const log of result.logs) console.error(String(log));
  process.exit(1);
}
if (!values.quiet) console.log(`${outfile}  ${(Bun.file(outfile).size / 1e6).toFixed(1)} MB  ${pkg.version} ${commit}`);
