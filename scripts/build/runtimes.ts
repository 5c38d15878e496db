/**
 * Bun's executables for other systems, pinned: npm's own tarballs, whose SHA-512 package-lock.json states. They are kept
 * packed and checked each time they are used, so that what was altered meanwhile is refused and not built in.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { fileInTar } from "./tar.ts";

/** A Bun executable in a folder of its own, to be removed after use. */
export interface Runtime extends Disposable {
  readonly path: string;
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>;
}

/** Where the tarballs are kept between builds. */
export const runtimesOf = (root: string): string => join(root, "node_modules", ".cache", "lanes-runtimes");

/**
 * The pinned executable of `@oven/NAME`, fetched by npm if it is not kept yet.
 * @throws Error if it cannot be fetched, or is not what package-lock.json pins.
 */
export function pinnedRuntime(root: string, name: string): Runtime {
  const folder = mkdtempSync(join(tmpdir(), "lanes-runtime-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const bytes = pinnedTarball(root, name, folder);
    const path = join(folder, "bun");
    writeFileSync(path, fileInTar(gunzipSync(bytes), "package/bin/bun"));
    chmodSync(path, 0o755);
    return { path, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function pinnedTarball(root: string, name: string, temporary: string): Uint8Array {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as LockFile;
  const pinned = lock.packages[`node_modules/@oven/${name}`];
  if (pinned?.integrity === undefined) throw new Error(`@oven/${name} is not pinned in package-lock.json`);
  const kept = join(runtimesOf(root), `${name}-${pinned.version}.tgz`);
  const from = existsSync(kept) ? kept : fetched(`@oven/${name}@${pinned.version}`, temporary);
  const bytes = readFileSync(from);
  const sum = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (sum !== pinned.integrity) {
    throw new Error(
      `${from} is not the @oven/${name} that package-lock.json pins: its sum is ${sum}, it should be ${pinned.integrity}. ` +
        "Nothing was built with it. Find out who changed it; without it, it is fetched again",
    );
  }
  if (from !== kept) {
    mkdirSync(runtimesOf(root), { recursive: true });
    const aside = `${kept}.${process.pid}`; // whole or not at all, also for a build beside this one
    writeFileSync(aside, bytes);
    renameSync(aside, kept);
  }
  return bytes;
}

/** Lets npm fetch a package. @returns where the tarball is. */
function fetched(spec: string, folder: string): string {
  const args = ["npm", "pack", spec, "--pack-destination", folder, "--silent"];
  const done = Bun.spawnSync(args, { cwd: folder, stdin: "ignore" });
  const file = done.stdout.toString().trim();
  if (done.exitCode !== 0 || file === "") {
    throw new Error(`npm cannot fetch ${spec}: ${done.stderr.toString().trim() || `exit code ${done.exitCode}`}`);
  }
  return join(folder, file);
}
