#!/usr/bin/env bun
/** Makes roots of other systems, and tries lanes in them: `scripts/roots/try.ts list | make [NAME…] | smoke [NAME…]`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMade, makeRoot, type Root, roots, rootsFolder, smokeCommand } from "./roots.ts";

const usage = `Usage: scripts/roots/try.ts list | make [NAME...] | smoke [NAME...]

  list    which roots there are, and which of them are made
  make    makes those that are not made, of Debian's packages (root; Debian; gcc for musl; up to 200 MB each)
  smoke   runs scripts/roots/smoke.sh in those that are made, on dist/TARGET/lanes, or dist/lanes on this machine's target

They are kept in LANES_ROOTS, or else in ~/.cache/lanes-roots.
`;

const [what, ...names] = process.argv.slice(2);
const unknown = names.filter((name) => !roots.some((root) => root.name === name));
const wanted = names.length === 0 ? roots : roots.filter(({ name }) => names.includes(name));

if (unknown.length > 0)
  fail(`there is no root ${unknown.join(", ")}; there are: ${roots.map(({ name }) => name).join(", ")}`);
else if (what === "list") {
  console.log(rootsFolder());
  for (const root of roots)
    console.log(`  ${root.name.padEnd(18)} ${root.libc.padEnd(12)} ${isMade(root) ? "made" : "-"}`);
} else if (what === "make") for (const root of wanted) make(root);
else if (what === "smoke") for (const root of wanted.filter(isMade)) smoke(root);
else {
  process.stderr.write(usage);
  process.exitCode = 2;
}

function fail(reason: string): void {
  console.error(`roots: ${reason}`);
  process.exitCode = 1;
}

function make(root: Root): void {
  if (isMade(root)) return;
  try {
    makeRoot(root);
    console.log(`${root.name}: made`);
  } catch (error) {
    fail(`${root.name}: ${(error as Error).message}`);
  }
}

function smoke(root: Root): void {
  const dist = join(import.meta.dir, "..", "..", "dist");
  const host = `${process.platform}-${process.arch}` === root.target.name ? [join(dist, "lanes")] : [];
  const lanes = [join(dist, root.target.name, "lanes"), ...host].find((path) => existsSync(path));
  if (lanes === undefined) {
    fail(`${root.name}: bun scripts/build.ts --target ${root.target.name} first`);
    return;
  }
  console.log(`== ${root.name} (${root.libc}): ${lanes}`);
  const command = smokeCommand(root, lanes, join(import.meta.dir, "smoke.sh"));
  if (Bun.spawnSync(command, { stdio: ["ignore", "inherit", "inherit"] }).exitCode !== 0)
    fail(`${root.name}: a check failed`);
}
