#!/usr/bin/env node
// `npm test`: everything, from a clean clone, with only Node and npm on the machine (or only Bun). Installs, checks types,
// lint and import rules, looks for dead code, builds dist/lanes, runs every test on it, and ends with the runner's counts.
// `npm test -- tests/unit` runs only the tests under those paths (and the checks). `npm run test:quick`: types and unit tests,
// in half a minute; for everything else there is `npm test`.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { env, install, mustBeWritable, root } from "./setup.mjs";

const checks = [
  // What did not change since the last time is not checked again: an inner loop of seconds.
  ["types", "tsc", "--incremental", "--tsBuildInfoFile", "node_modules/.cache/types.tsbuildinfo"],
  ["import rules", "depcruise", "--config", ".dependency-cruiser.cjs", "src", "scripts", "tests"],
  ["dead code", "knip"],
  ["build", "bun", "scripts/build.ts"],
  ["lint and format", "biome", "check", "."],
  ["types of the exported page", "tsc", "-p", "src/export/page"],
];
const quick = process.argv.includes("--quick");
const paths = quick ? ["tests/unit"] : process.argv.slice(2);
const suites = paths.length > 0 ? paths : ["tests/unit", "tests/models", "tests/process", "tests/e2e"];

install();
if (!quick) mustBeWritable("dist");
/** The types of a quick run, checked beside its tests: how each check ended. */
const beside = checks.filter(([name]) => quick && name.startsWith("types")).map(check);
if (!quick && (await checkAll()).length > 0) process.exit(1);

const reports = mkdtempSync(join(tmpdir(), "lanes-test-"));
const failures = [];
const found = suites.filter(hasTests);
if (found.length > 0) {
  console.log(`── ${found.join(", ")}`);
  const args = [
    "test",
    ...found.map((suite) => `./${suite}`),
    // Tests wait for conditions, never for time: the limit only ends a hung one.
    "--timeout=120000",
    "--reporter=junit",
    `--reporter-outfile=${join(reports, "tests.xml")}`,
    // Most tests of real processes wait for them: a few more files at once than there are cores. Nothing is measured in them.
    `--parallel=${Math.min(8, availableParallelism() + 1)}`,
    ...timings(),
  ];
  const done = spawnSync("bun", args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0) failures.push(...found);
}

failures.push(...(await Promise.all(beside)).filter((name) => name !== ""));

const counts = { tests: 0, failures: 0, skipped: 0 };
for (const file of readdirSync(reports)) {
  const suite = /<testsuites[^>]*>/.exec(readFileSync(join(reports, file), "utf8"))?.[0] ?? "";
  for (const name of Object.keys(counts))
    counts[name] += Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
}
rmSync(reports, { recursive: true });
// A runner that failed without counting a failure (it crashed, a file did not load) has not passed.
const failed = counts.failures > 0 ? counts.failures : failures.length;
const passed = counts.tests - counts.failures - counts.skipped;
console.log(`${passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** How long each file took the last time, so that the longest begin first. */
function timings() {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  return [`--timings=${join(cache, "lanes-test-timings.json")}`, "--update-timings"];
}

/** All checks, one for each core at a time, the first ones the longest. Resolves to the names of those that failed. */
async function checkAll() {
  const left = [...checks];
  const failed = [];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined && failed.length === 0; next = left.shift())
      failed.push(...[await check(next)].filter((name) => name !== ""));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return failed;
}

/** Resolves to the check's name if it fails, to "" if it passes; what it said is shown when it has ended, in one piece. */
function check([name, command, ...args]) {
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => said.push(bytes));
  return new Promise((resolve) => {
    const end = (how, result) => {
      process.stdout.write(Buffer.concat([Buffer.from(`── ${name}: ${how}\n`), ...said]));
      resolve(result);
    };
    child.on("error", (error) => end(`cannot be started: ${error.message}`, name));
    child.on("close", (code) => (code === 0 ? end("checked", "") : end("failed", name)));
  });
}

function hasTests(path) {
  if (path.endsWith(".ts")) return true;
  return readdirSync(join(root, path), { recursive: true }).some((name) => name.endsWith(".test.ts"));
}
