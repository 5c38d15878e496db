#!/usr/bin/env bun
/**
 * Tortures what a program of a user's can share, through the executable: scripts/torture/exec-program.ts is run by `lanes exec`, and
 * first the process that has made all of it is killed, in another run the others, one after another. A mutant has to be found out.
 */
import "../tests/support/words.ts";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lanes } from "../tests/support/lanes.ts";
import { marked } from "../tests/support/processes/processes.ts";
import { tortureOptions } from "./torture/options.ts";

/** `own-lock`: each process has a lock of its own; `stopped`: one of them stands still for good. */
const mutants = ["own-lock", "stopped"];
const { seconds, kills, procs, seed, patience, mutant } = tortureOptions({
  ...{ name: "torture-exec", mutants, procs: "processes at once", seed: "of what is killed when" },
  patience: "seconds without progress that are a violation",
});

const program = join(import.meta.dir, "torture/exec-program.ts");
const dir = mkdtempSync(join(tmpdir(), "torture-exec-"));

/** By which everything that was started here is found again. */
const mark = `LANES_TORTURE=${dir}`;

function run(options: readonly unknown[]) {
  const env = { ...process.env, LANES_TORTURE: dir };
  return Bun.spawn([lanes, "exec", program, ...options.map(String)], {
    cwd: dir,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Kills the first process while all of it is used. @returns the folder of its shared memory, and what is wrong, in sentences. */
async function killFirst(): Promise<[folder: string, found: string[]]> {
  const first = run([3600, 1e9, procs, seed, 3.6e6]);
  const decoder = new TextDecoder();
  let said = "";
  for await (const chunk of first.stdout) {
    said += decoder.decode(chunk, { stream: true });
    if (/^up .*\n/m.test(said)) break;
  }
  first.kill("SIGKILL");
  await first.exited;
  const until = performance.now() + Number(patience) * 1000;
  while (marked(mark).length > 0 && performance.now() < until) await Bun.sleep(10);
  const left = marked(mark).length;
  return [/^up (.*)$/m.exec(said)?.[1] ?? "", left > 0 ? [`violation: ${left} processes outlive the first`] : []];
}

try {
  const [folder, outlived] = mutant === undefined ? await killFirst() : ["", []];
  const tortured = run([seconds, kills, procs, seed, Number(patience) * 1000, mutant ?? ""]);
  const [stdout, stderr, code] = await Promise.all([tortured.stdout.text(), tortured.stderr.text(), tortured.exited]);
  const found = stdout.split("\n").filter((line) => line.startsWith("violation"));
  if (code !== 0) found.push(`exit code ${code}`);
  // A process that throws says so itself: none of them may.
  if (stderr !== "") found.push(stderr.trim());
  found.push(...outlived);
  if (folder !== "" && existsSync(folder)) found.push(`violation: ${folder} was left behind`);
  const summary = /^\{.*\}$/m.exec(stdout)?.[0] ?? "{}";
  console.log(
    JSON.stringify({ seed: Number(seed), ...JSON.parse(summary), violations: found.length, found: found.slice(0, 5) }),
  );
  process.exitCode = found.length > 0 === (mutant !== undefined) ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
