// Which package has the executable of this platform, and where it is.
"use strict";
const { existsSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { scope } = JSON.parse(readFileSync(join(__dirname, "package.json"), "utf8")).lanes;

/** The packages that may have it: of Linux there are two, by the C library. */
function names() {
  const name = `${scope}/${process.platform}-${process.arch}`;
  return process.platform === "linux" ? [name, `${name}-musl`] : [name];
}

/** Where a package's executable is, or undefined if it is not installed. */
function executableOf(name) {
  try {
    const path = join(dirname(require.resolve(`${name}/package.json`)), "bin", "lanes");
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this Node is one for musl. Asked only if both kinds are installed, as old npms do: a report takes its time. */
function onMusl() {
  if (process.report === undefined) return false;
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime === undefined;
}

/** Where the executable is, or undefined if its package is not installed. */
function findExecutable() {
  const found = names().map(executableOf).filter(Boolean);
  return found.length > 1 && onMusl() ? found[1] : found[0];
}

module.exports = { findExecutable, names };
