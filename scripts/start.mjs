#!/usr/bin/env node
// `npm start [-- ARGS]`: installs, builds if the sources are newer than dist/lanes, and becomes dist/lanes.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { env, install, mustBeWritable, root, run } from "./setup.mjs";

const modifiedMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = (folder) =>
  Math.max(...readdirSync(join(root, folder), { recursive: true }).map((name) => modifiedMs(join(root, folder, name))));

install();
const binary = join(root, "dist", "lanes");
if (modifiedMs(binary) < Math.max(newest("src"), newest("scripts"), modifiedMs(join(root, "package-lock.json")))) {
  mustBeWritable("dist");
  run("bun", ["scripts/build.ts", "--quiet"], { env, stdio: ["ignore", 2, 2] });
}

const lanes = spawn(binary, process.argv.slice(2), { stdio: "inherit" });
// The terminal sends Ctrl-C to lanes itself; whoever signals this wrapper means lanes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => lanes.kill(signal));
lanes.on("exit", (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else process.exit(code ?? 1);
});
