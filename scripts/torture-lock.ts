#!/usr/bin/env bun
/**
 * Tortures the lock: processes that take it through the API and through the compiled executable, wait, give up and leave
 * descriptors to daemons, while they are killed and stopped at random; every other one in a container (pid namespace) of its
 * own, where there can be some. Two in at once, a lost increment or a lock nobody can
 * get any more is a violation. A mutant of the protocol (--mutant) has to produce one: a run that cannot fail proves nothing.
 */
import "../tests/support/words.ts";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../src/explore/schedule/random.ts";
import { lanes } from "../tests/support/lanes.ts";
import { buildTortured, type Mutant, mutants } from "./torture/build.ts";
import { family, hit, naming, send, type Tally } from "./torture/chaos.ts";
import { acksFolder, committed, regionBytes, regionFile, violationsFile } from "./torture/region.ts";

const usage = `Usage: scripts/torture-lock.ts [options]        (needs dist/lanes: npm run build)

  --seconds N    how long (default 20); a mutant stops at its first violation
  --procs N      processes at once (default 8; try 16, 32)
  --seed N       of all random decisions (default: from the clock; printed)
  --dir DIR      a folder on the file system to try it on (default: a temporary one)
  --mutant NAME  ${mutants.join(" | ")}: exit code 0 if it was found out

Exit code 0: as it should be. The last line is the summary, as JSON.
`;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    procs: { type: "string", default: "8" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
    dir: { type: "string", default: tmpdir() },
    mutant: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const seconds = Number(values.seconds);
const procs = Number(values.procs);
const mutant = mutants.find((name) => name === values.mutant);
if (!(seconds > 0) || !(procs > 0) || (values.mutant !== undefined && mutant === undefined)) {
  process.stderr.write(usage);
  process.exit(2);
}

const dir = mkdtempSync(join(values.dir, "torture-lock-"));
const tally: Tally = { kills: 0, stops: 0 };
const next = random(Number(values.seed));
const workers = new Map<number, Bun.Subprocess>();
let ending = false;

function violations(): string[] {
  return existsSync(violationsFile(dir)) ? readFileSync(violationsFile(dir), "utf8").trim().split("\n") : [];
}

/** What makes a container of one process and what it starts, killed with it; empty where nothing can. */
const container = [["unshare"], ["unshare", "--user", "--map-root-user"]]
  .map((command) => [...command, "--pid", "--fork", "--kill-child", "--mount-proc"])
  .find((command) => Bun.which("unshare") !== null && Bun.spawnSync([...command, "true"]).exitCode === 0);
/** A container takes long to start, and a mutant is to be found soon: there are none beside it. */
const isContained = (place: number) => container !== undefined && mutant === undefined && place % 2 === 1;

/** Keeps one process running: a new one in the place of each that was killed. */
function keepRunning(program: string, place: number): void {
  const around = isContained(place) ? (container ?? []) : [];
  const worker = Bun.spawn([...around, program, dir, lanes, String(Math.floor(next() * 2 ** 32))], {
    // (unshare is not quiet about being killed, nor exact about its exit code; a worker that fails says so itself, in the file.)
    stdio: ["ignore", "ignore", isContained(place) ? "ignore" : "inherit"],
    onExit: ({ exitCode, signalCode }) => {
      if (!ending && !isContained(place) && exitCode !== 0 && signalCode !== "SIGKILL")
        writeFileSync(violationsFile(dir), `a process ended with ${exitCode ?? signalCode}\n`, { flag: "a" });
      if (!ending) keepRunning(program, place);
    },
  });
  workers.set(place, worker);
}

/** Everything is let go and asked to end. @returns what did not: a lock nobody can get any more. */
async function end(): Promise<number[]> {
  ending = true;
  const all = () =>
    [...workers.values()].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const deadline = Date.now() + 20_000;
  while (all().length > 0 && Date.now() < deadline) {
    for (const { pid } of all()) {
      for (const one of family(pid)) send(one, "SIGCONT");
      // In a container: to its first process, not to whoever waits for that.
      for (const one of container === undefined ? [pid] : family(pid).slice(0, 2)) send(one, "SIGTERM");
    }
    await Bun.sleep(100);
  }
  const stuck = all().map(({ pid }) => pid);
  // Also a container whose unshare was killed in the moment it made it.
  for (const pid of [...stuck.flatMap(family), ...naming(dir)]) send(pid, "SIGKILL");
  return stuck;
}

async function torture(program: string): Promise<void> {
  mkdirSync(acksFolder(dir));
  writeFileSync(regionFile(dir), Buffer.alloc(regionBytes));
  for (let place = 0; place < procs; place++) keepRunning(program, place);
  const began = Date.now();
  while (Date.now() < began + seconds * 1e3 && !(mutant !== undefined && violations().length > 0)) {
    await Bun.sleep(1 + next() * 40);
    // Not faster than they get on: where a machine is busy with others they would be killed before they had locked anything.
    if (tally.kills + tally.stops > committed(dir) + (Date.now() - began) / 500 + procs) continue;
    hit(
      [...workers.values()].map(({ pid }) => pid),
      next,
      tally,
    );
  }
  const stuck = await end();
  if (stuck.length > 0) writeFileSync(violationsFile(dir), `stuck: ${stuck.join(" ")}\n`, { flag: "a" });
}

/** The increments that were committed and those their makers counted. One may be killed between committing and counting. */
function checkCounts(): number {
  const counted = readdirSync(acksFolder(dir))
    .map((name) => Number(readFileSync(join(acksFolder(dir), name), "latin1").split("\n")[0]))
    .reduce((sum, count) => sum + count, 0);
  const total = committed(dir);
  if (total < counted || total > counted + tally.kills)
    writeFileSync(violationsFile(dir), `lost increments: ${counted} made, ${total} there\n`, { flag: "a" });
  return total;
}

try {
  const program = join(dir, "tortured");
  await buildTortured(program, mutant);
  const started = performance.now();
  await torture(program);
  const acquisitions = checkCounts();
  const found = violations();
  for (const line of found.slice(0, 10)) console.error(line);
  const summary = {
    mutant: mutant ?? (null satisfies Mutant | null),
    procs,
    containers: [...workers.keys()].filter(isContained).length,
    seed: Number(values.seed),
    seconds: Math.round((performance.now() - started) / 1e3),
    acquisitions,
    ...tally,
    violations: found.length,
  };
  console.log(JSON.stringify(summary));
  process.exitCode = found.length > 0 === (mutant !== undefined) ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
