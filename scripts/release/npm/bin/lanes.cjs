#!/usr/bin/env node
// Becomes the executable of this platform. Here only until the package's install script has put that in this file's place
// (npm install --ignore-scripts, pnpm and Yarn leave it).
"use strict";
const { spawn } = require("node:child_process");
const { readFileSync, readdirSync } = require("node:fs");
const { findExecutable, names } = require("../platform.cjs");

const file = findExecutable();
if (file === undefined) {
  console.error(
    `lanes: ${names().join(" or ")} is not installed. Either there is no lanes for ${process.platform} ${process.arch}, or it was left out: npm install --include=optional`,
  );
  process.exit(1);
}
const args = process.argv.slice(2);

// Node 22.15 and later: from here on this process is lanes, with its pid, signals and descriptors.
if (typeof process.execve === "function") {
  process.removeAllListeners("warning"); // it is called experimental
  try {
    process.execve(file, ["lanes", ...args], process.env);
  } catch {
    // as below
  }
}

const lanes = spawn(file, args, { stdio: givenDescriptors() });
// A Ctrl-C comes to both of us from the terminal; a second one would kill at once. Without a terminal whoever signals this
// process means lanes.
const fromTerminal = [0, 1, 2].some((fd) => require("node:tty").isatty(fd));
for (const signal of ["SIGINT", "SIGQUIT"]) process.on(signal, () => fromTerminal || lanes.kill(signal));
for (const signal of ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"]) process.on(signal, () => lanes.kill(signal));
lanes.on("error", (error) => {
  console.error(`lanes: cannot start ${file}: ${error.message}`);
  process.exit(126);
});
lanes.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

/** The descriptors we were given: 0 to 2, and on Linux those above that are not Node's own (which close on exec). */
function givenDescriptors() {
  const stdio = ["inherit", "inherit", "inherit"];
  try {
    for (const fd of readdirSync("/proc/self/fd").map(Number)) {
      if (fd < 3) continue;
      try {
        const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"))[1];
        if ((Number.parseInt(flags, 8) & 0o2000000) === 0) stdio[fd] = fd;
      } catch {
        // closed since: it was the one that read the folder
      }
    }
  } catch {
    // no /proc: 0 to 2
  }
  return Array.from(stdio, (entry) => entry ?? "ignore");
}
