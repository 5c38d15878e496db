/** All files of a release out of executables and documents, written so that nothing half made looks whole. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { refuseTestBuild } from "../build/compile.ts";
import type { LibraryFile } from "../build/library.ts";
import type { Package } from "../build/notices.ts";
import { targets as allTargets, type Target } from "../build/targets.ts";
import { archiveName, archiveOf } from "./archive.ts";
import { debName, debOf } from "./deb.ts";
import type { Documents } from "./files.ts";
import { formulaOf } from "./formula.ts";
import { notesOf } from "./notes.ts";
import { npmMain, npmPlatform } from "./npm.ts";
import { sbomOf } from "./sbom.ts";

export interface Release {
  /** The folder to make. What was there, if it is a release, is replaced. */
  readonly out: string;
  readonly version: string;
  readonly description: string;
  readonly commit: string;
  readonly epochSeconds: number;
  /** Where the project lives. */
  readonly home: string;
  readonly targets: readonly Target[];
  readonly documents: Documents;
  /** For plain Bun; see build/library.ts. */
  readonly library: readonly LibraryFile[];
  /** Makes one executable. @returns its bytes and the npm packages in it. */
  readonly build: (target: Target) => Promise<{ readonly lanes: Uint8Array; readonly packages: readonly Package[] }>;
  readonly progress: (line: string) => void;
}

/** The list of sums: what makes a folder a release. It is written last. */
export const sumsName = "SHA256SUMS";

/**
 * Makes the release in a folder beside `out`, and renames it when it is whole.
 * @throws Error if anything fails; nothing is left then, and an earlier release in `out` is as it was.
 */
export async function assemble(release: Release): Promise<void> {
  const { out } = release;
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, sumsName)))
    throw new Error(`${out} is no release, and not empty: nothing was written; choose another folder`);
  mkdirSync(dirname(out), { recursive: true });
  const aside = `${out}.partial-${process.pid}`;
  try {
    mkdirSync(join(aside, "npm"), { recursive: true });
    await fill(release, aside);
    rmSync(out, { recursive: true, force: true });
    renameSync(aside, out);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
}

async function fill(release: Release, folder: string): Promise<void> {
  const { version, commit, epochSeconds, home, targets, documents, description, progress } = release;
  const common = { version, homepage: home, documents, epochSeconds };
  const sums = new Map<string, string>();
  const put = (name: string, data: Uint8Array | string) => {
    writeFileSync(join(folder, name), data);
    sums.set(name, createHash("sha256").update(data).digest("hex"));
    progress(`${name}  ${(Buffer.byteLength(data) / 1e6).toFixed(1)} MB`);
  };
  const packages = new Map<string, Package>();
  for (const target of targets) {
    const { lanes, packages: inIt } = await release.build(target);
    refuseTestBuild(lanes);
    for (const each of inIt) packages.set(each.name, each);
    put(archiveName(version, target), archiveOf(version, target, lanes, documents, epochSeconds));
    if (target.deb !== undefined) {
      const wanted = { version, architecture: target.deb, homepage: home, lanes, documents, epochSeconds };
      put(debName(version, target.deb), debOf(wanted));
    }
    const { name, data } = npmPlatform(target, lanes, common);
    put(`npm/${name}`, data);
  }
  const main = npmMain(targets, description, release.library, common);
  put(`npm/${main.name}`, main.data);
  put("install.sh", installerOf(version, home));
  // A formula names the archives of all systems: a release of some has none.
  if (targets.length === allTargets.length)
    put("lanes.rb", formulaOf(version, home, `${home}/releases/download/v${version}`, sums));
  put("sbom.cdx.json", sbomOf(version, commit, [...packages.values()], epochSeconds));
  put("NOTES.md", notesOf(Buffer.from(documents.changelog).toString(), version));
  const lines = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]) => `${sum}  ${name}\n`);
  writeFileSync(join(folder, sumsName), lines.join(""));
}

/** install.sh of this release: it knows its version and where its files are. */
function installerOf(version: string, home: string): string {
  const text = readFileSync(join(import.meta.dir, "install.sh"), "utf8");
  return text.replaceAll("@VERSION@", version).replaceAll("@HOME@", home);
}
