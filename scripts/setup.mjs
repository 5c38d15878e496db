#!/usr/bin/env node
// Installs what package-lock.json pins, if it is not installed yet. Plain JavaScript on purpose: it is the one step that
// runs before anything is installed, under whichever of Node and Bun the person has.
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
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
  mustBeWritable("node_modules");
  if (spawnSync("npm", ["--version"], { stdio: "ignore" }).status === 0) {
    withNpmCache((env) => run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { stdio, env }));
  } else {
    run(process.execPath, ["install", "--no-save"], { stdio });
  }
  writeFileSync(join(root, stamp), "");
}

/** Says what to do and ends this program where a folder of the clone is somebody else's, or on a read-only disk. */
export function mustBeWritable(folder) {
  const path = join(root, folder);
  const there = modifiedMs(folder) > 0 ? path : root;
  try {
    accessSync(there, constants.W_OK);
  } catch {
    console.error(`lanes: cannot install and build here: ${there} cannot be written by ${whoAmI()}.`);
    // No git clone: git refuses to read a repository that belongs to somebody else.
    console.error(`Make a copy of your own: cp -R ${root} my-lanes && cd my-lanes, and try again there.`);
    process.exit(1);
  }
}

function whoAmI() {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`; // not everybody has a name
  }
}

/** Calls with an environment in which npm has a place for its cache: its own, or where there is no home, one for now. */
function withNpmCache(call) {
  const asked = spawnSync("npm", ["config", "get", "cache"], { cwd: root, encoding: "utf8" });
  const cache = asked.stdout?.trim() ?? "";
  try {
    // With an empty HOME npm would make a folder named ~ where it is.
    if (!process.env.HOME || !isAbsolute(cache)) throw new Error("no home");
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return call(process.env);
  } catch {
    const place = mkdtempSync(join(tmpdir(), "lanes-npm-"));
    process.once("exit", () => rmSync(place, { recursive: true, force: true }));
    return call({ ...process.env, npm_config_cache: place });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
