#!/usr/bin/env node
// Installs what package-lock.json pins, if it is not installed yet. Plain JavaScript on purpose: it is the one step that
// runs before anything is installed, under whichever of Node and Bun the person has.
import { spawnSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modifiedMs = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Runs a command with this terminal, in the project's folder; ends this program with its exit code if it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (done.error) {
    console.error(`setup: cannot run ${command}: ${done.error.message}`);
    process.exit(1);
  }
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/** The environment with the project's own tools first in PATH: nothing has to be installed on the machine. */
export const env = { ...process.env, PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH ?? ""}` };

/** Written when an installation is complete; whoever installs by hand is asked to be patient once. */
const stamp = "node_modules/.lanes-installed";

/** Installs the pinned packages unless that was done since the lock file last changed. */
export function install() {
  if (modifiedMs(stamp) >= modifiedMs("package-lock.json")) return;
  // npm writes its notices to stdout; a person's `npm start -- --json | tool` must not see them.
  const stdio = ["ignore", 2, 2];
  if (spawnSync("npm", ["--version"], { stdio: "ignore" }).status === 0) {
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { stdio });
  } else {
    run(process.execPath, ["install", "--no-save"], { stdio });
  }
  writeFileSync(join(root, stamp), "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
