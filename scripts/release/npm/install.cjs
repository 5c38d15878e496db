// Puts the executable in the place of bin/lanes, which would start a shell first. Where that cannot be done the script
// stays, and works.
"use strict";
const { chmodSync, copyFileSync, linkSync, renameSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { findExecutable } = require("./platform.cjs");

// Yarn starts every bin with Node.
const byYarn = /\byarn\//.test(process.env.npm_config_user_agent ?? "");
const from = findExecutable();
if (from !== undefined && !byYarn) {
  const to = join(__dirname, "bin", "lanes");
  const aside = `${to}.${process.pid}`; // and then renamed: the file may be a link into a store that others share
  try {
    try {
      linkSync(from, aside); // no second 110 MB
    } catch {
      copyFileSync(from, aside);
    }
    chmodSync(aside, 0o755);
    renameSync(aside, to);
  } catch (error) {
    rmSync(aside, { force: true });
    console.error(`lanes: ${error.message}; it works all the same, by way of a shell`);
  }
}
