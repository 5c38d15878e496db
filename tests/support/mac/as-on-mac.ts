/**
 * lanes on this Linux, doing everything as on a Mac (src/os/platform.ts): without /proc and what only Linux has, by a stand-in
 * for libSystem.
 */

import { join } from "node:path";
import { compile } from "../../../scripts/build/compile.ts";
import { hostTarget } from "../../../scripts/build/targets.ts";
import { root } from "../root.ts";

/** Whether that can be had: on Linux, with a C compiler. */
export const canBeAsOnMac = process.platform === "linux" && Bun.which("cc") !== null;

/** Makes the stand-in in a folder, which has to stay as long as it is used. @returns its path. */
export function standIn(folder: string): string {
  const libSystem = join(folder, "libsystem.so");
  const done = Bun.spawnSync(["cc", "-shared", "-fPIC", "-o", libSystem, join(import.meta.dir, "libsystem.c")]);
  if (done.exitCode !== 0) throw new Error(`cc: ${done.stderr}`);
  return libSystem;
}

/** Makes an executable in a folder, with the stand-in. @returns its path. */
export async function buildAsOnMac(folder: string): Promise<string> {
  const target = hostTarget(await Bun.file(process.execPath).slice(0, 4096).text());
  const outfile = join(folder, "lanes");
  const libSystem = standIn(folder);
  await compile({ root, target, outfile, commit: "0123456789ab", runtime: undefined, libSystem });
  return outfile;
}
