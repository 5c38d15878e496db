/**
 * From the sources to one executable. The same sources give the same bytes, under two rules that are kept here: the
 * bundler works from the checkout (names of chunks are hashes of paths relative to the working directory), and the file it
 * writes is called `lanes` (its name is in the bytes), whatever it is renamed to afterwards.
 *
 * Minified, with bytecode, split so that a command loads only what it needs, and deaf to the `.env` and `bunfig.toml` of the
 * folder it is started in: a downloaded tool must not change with the folder. Only `package.json` and `tsconfig.json` are
 * read, and only where a user's module is imported, from its folder upwards: without them the packages and `paths` that it
 * imports would not be found.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import pkg from "../../package.json" with { type: "json" };
import { headingOf, type Package, packagesIn } from "./notices.ts";
import { signedAdHoc } from "./sign.ts";
import type { Target } from "./targets.ts";
import { together } from "./together.ts";

export interface Compilation {
  /** The checkout. */
  readonly root: string;
  readonly target: Target;
  /** Where to write the executable. */
  readonly outfile: string;
  readonly commit: string;
  /** The Bun to put it on: undefined for the one that runs this. */
  readonly runtime: string | undefined;
  /**
   * For tests only: a library with the functions of macOS's libSystem, on Linux. The executable does everything as on a Mac, by
   * this library, without /proc and the calls that only Linux has (src/os/platform.ts).
   */
  readonly libSystem?: string;
}

/** What `--version` says of an executable that only tests may use, behind its commit. */
const testBuild = "for-tests-only";

/** @throws Error if an executable was made for tests: nobody may be given one. */
export function refuseTestBuild(executable: Uint8Array): void {
  if (Buffer.from(executable.buffer, executable.byteOffset, executable.byteLength).includes(testBuild))
    throw new Error("an executable that was made for tests (compile's libSystem) is nothing to be shipped");
}

/** The base name every executable is built under, whatever it is called in the end: it is a part of the bytes. */
const executableName = "lanes";

/** All but the first are threads: a Worker needs a file of its own inside the executable. */
const entrypoints = (root: string) =>
  ["main.ts", "lock/wait/thread.ts", "memory/hub/thread.ts", "api/program/thread.ts"].map((file) =>
    join(root, "src", file),
  );

/**
 * Builds it. @returns the npm packages that are in it.
 * @throws Error if the sources do not compile, the folder cannot be written, or a package in the bundle is not in the notices.
 */
export async function compile(compilation: Compilation): Promise<Package[]> {
  const { root, outfile } = compilation;
  process.chdir(root);
  // Beside it, and in its place when it is whole: a full disk, or a look at the wrong moment, finds no half of one.
  mkdirSync(dirname(outfile), { recursive: true });
  const aside = mkdtempSync(join(dirname(outfile), ".lanes-build-"));
  try {
    const made = join(aside, executableName);
    const packages = await bundle(compilation, made);
    renameSync(made, outfile);
    return packages;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function bundle({ root, target, commit, runtime, libSystem }: Compilation, outfile: string): Promise<Package[]> {
  const result = await Bun.build({
    entrypoints: entrypoints(root),
    plugins: [together(root)],
    format: "esm",
    minify: true,
    splitting: true,
    bytecode: true,
    sourcemap: "none",
    metafile: true,
    define: {
      LANES_VERSION: JSON.stringify(pkg.version),
      LANES_COMMIT: JSON.stringify(libSystem === undefined ? commit : `${commit}-${testBuild}`),
      LANES_TARGET: JSON.stringify(target.bun),
      ...(libSystem !== undefined && { LANES_LIBSYSTEM: JSON.stringify(libSystem) }),
    },
    compile: {
      outfile,
      target: target.bun,
      executablePath: runtime ?? process.execPath,
      // Of what only starts, nothing is worth compiling; whoever computes sets it back to 1 (main.ts, dispatch.ts).
      jitPolicy: 30,
      // Else Bun would put "development" into a user's module for it, though it is not set.
      execArgv: ["--define=process.env.NODE_ENV:process.env.NODE_ENV"],
      autoloadDotenv: false,
      autoloadBunfig: false,
      // Read only where a module of the user's is imported, from its folder upwards: all of lanes itself is compiled here.
      autoloadTsconfig: true,
      autoloadPackageJson: true,
    },
  });
  if (!result.success) throw new Error(result.logs.map(String).join("\n"));
  if (target.os === "darwin" && target.cpu === "x64")
    writeFileSync(outfile, signedAdHoc(readFileSync(outfile), executableName));
  const packages = packagesOf(result, root);
  const notices = readFileSync(join(root, "THIRD-PARTY-NOTICES"), "utf8");
  const missing = packages.map(headingOf).filter((heading) => !notices.includes(heading));
  if (missing.length > 0 || !notices.includes(`Bun ${Bun.version} (MIT)`))
    throw new Error(
      `THIRD-PARTY-NOTICES is not of what is in the executable (${missing.join(", ") || "Bun"}): npx bun scripts/build/write-notices.ts`,
    );
  return packages;
}

/** What would be in it, without making it. @throws Error if the sources do not compile. */
export async function bundled(root: string): Promise<Bun.BuildOutput> {
  process.chdir(root);
  const result = await Bun.build({
    entrypoints: entrypoints(root),
    plugins: [together(root)],
    target: "bun",
    splitting: true,
    metafile: true,
  });
  if (!result.success) throw new Error(result.logs.map(String).join("\n"));
  return result;
}

/** The npm packages that would be in it, without making it. */
export const bundledPackages = async (root: string): Promise<Package[]> => packagesOf(await bundled(root), root);

function packagesOf({ metafile }: Bun.BuildOutput, root: string): Package[] {
  if (metafile === undefined) throw new Error("the bundler gave no account of what it bundled");
  return packagesIn(metafile, root);
}
